import { genericAiContract } from '../loop/ai-contract.ts';
import type { VersionRecord } from '../loop/version.ts';
import { chosenService } from './chosen-service.ts';
import { command, UsageError } from './command.ts';

/** `relearn versions` */
export const versionsCommand = command({
  name: 'versions',
  summary: 'List the versions of a service, newest first',
  usage: '[SERVICE] [--json]',
  options: { json: { type: 'boolean', help: 'Print the records as JSON' } },
  async run(context) {
    const client = await context.connect(genericAiContract(await chosenService(context)));
    const { versions } = await client.listVersions({ query: { limit: 50 } });
    if (context.flags.json) return context.out.json(versions);
    if (versions.length === 0) return context.out.remark('No version yet; train one with relearn train.');
    context.out.table(['version', 'trial', 'state', 'trained', 'metrics', 'why'], versions.map(row));
  },
});

/** `relearn promote` */
export const promoteCommand = command({
  name: 'promote',
  summary: 'Let another version of a service answer, newer or older',
  usage: '[SERVICE] VERSION',
  async run(context) {
    const version = context.positionals.at(-1);
    if (version === undefined) throw new UsageError('Say which version: relearn promote [SERVICE] VERSION.');
    const service = await chosenService({ ...context, positionals: context.positionals.slice(0, -1) });
    const client = await context.connect(genericAiContract(service));
    const { id, trial } = await client.promoteVersion({ params: { id: version } });
    context.out.line(`${service}: ${id} (${trial}) answers.`);
  },
});

function row({ id, trial, state, trainedAtMs, metrics, reason }: VersionRecord): string[] {
  const shown = Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  return [id, trial, state, new Date(trainedAtMs).toISOString().slice(0, 16), shown.join(', '), reason ?? ''];
}
