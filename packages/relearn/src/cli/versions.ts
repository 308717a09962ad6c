import type { ClientOf } from '../contract/contract.ts';
import { ProblemError } from '../contract/problem.ts';
import { genericAiContract, loopProblems } from '../loop/ai-contract.ts';
import type { VersionRecord } from '../loop/version.ts';
import { chosenService } from './chosen-service.ts';
import { command, UsageError } from './command.ts';

/** `relearn versions` */
export const versionsCommand = command({
  name: 'versions',
  summary: 'List the versions of a service, newest first',
  usage: '[SERVICE] [--json]',
  positionalsMax: 1,
  options: { json: { type: 'boolean', help: 'Print the records as JSON' } },
  async run(context) {
    const service = await chosenService(context);
    const client = await context.connect(genericAiContract(service));
    const { versions } = await client.listVersions({ query: { limit: 50 } });
    if (context.flags.json) return context.out.json(versions);
    if (versions.length === 0)
      return context.out.remark(`${service} has no version yet: run relearn train ${service}.`);
    context.out.table(['version', 'trial', 'state', 'trained', 'metrics', 'why'], versions.map(row));
  },
});

/** `relearn promote` */
export const promoteCommand = command({
  name: 'promote',
  summary: 'Let another version of a service answer, newer or older',
  usage: '[SERVICE] VERSION',
  positionalsMax: 2,
  async run(context) {
    const version = context.positionals.at(-1);
    if (version === undefined || !/^v\d+$/.test(version))
      throw new UsageError('Say which version: relearn promote [SERVICE] v3. relearn versions lists them.');
    const service = await chosenService({ ...context, positionals: context.positionals.slice(0, -1) });
    const client = await context.connect(genericAiContract(service));
    const { id, trial } = await promote(client, { service, version });
    context.out.line(`${service}: ${id} (${trial}) answers.`);
  },
});

async function promote(
  client: ClientOf<ReturnType<typeof genericAiContract>>,
  { service, version }: { service: string; version: string },
): Promise<VersionRecord> {
  try {
    return await client.promoteVersion({ params: { id: version } });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== loopProblems.versionUnknown.code) throw error;
    throw new UsageError(`${service} has no version ${version}; relearn versions ${service} lists them.`);
  }
}

function row({ id, trial, state, trainedAtMs, metrics, reason }: VersionRecord): string[] {
  const shown = Object.entries(metrics).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  return [id, trial, state, new Date(trainedAtMs).toISOString().slice(0, 16), shown.join(', '), reason ?? ''];
}
