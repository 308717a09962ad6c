import { genericAiContract } from '../loop/ai-contract.ts';
import { chosenService } from './chosen-service.ts';
import { command } from './command.ts';
import { printLeaderboard } from './leaderboard.ts';

/** `relearn evaluate` */
export const evaluateCommand = command({
  name: 'evaluate',
  summary: 'How each trial of a service did on the windows of the last training',
  usage: '[SERVICE] [--json]',
  positionalsMax: 1,
  options: { json: { type: 'boolean', help: 'Print the leaderboard as JSON' } },
  async run(context) {
    const { flags, out } = context;
    const service = await chosenService(context);
    const client = await context.connect(genericAiContract(service));
    const { leaderboard, champion } = await client.getStatus({});
    if (leaderboard.length === 0) throw new Error(`${service} was never trained: run relearn train ${service}.`);
    if (flags.json) return out.json({ champion, leaderboard });
    printLeaderboard(out, leaderboard);
    out.remark(
      champion ? `${service}: ${champion.id} (${champion.trial}) answers.` : `${service}: no version answers.`,
    );
  },
});
