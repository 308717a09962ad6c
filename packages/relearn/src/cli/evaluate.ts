import { evaluateLists } from '../choice/evaluate-lists.ts';
import { evaluateSessions } from '../choice/evaluate-sessions.ts';
import { genericAiContract } from '../loop/ai-contract.ts';
import { chosenService } from './chosen-service.ts';
import { command, UsageError } from './command.ts';
import { printLeaderboard } from './leaderboard.ts';

/** `relearn evaluate` */
export const evaluateCommand = command({
  name: 'evaluate',
  summary:
    'How each trial of a service did at its last training; or how well the best model for a file foretells another',
  usage: '[SERVICE] [--json] | --train FILE --test FILE [--sessions] [--minutes N] [--json]',
  positionalsMax: 1,
  options: {
    json: { type: 'boolean', help: 'Print it as JSON' },
    train: { type: 'string', help: 'What users took, one line a user: user item item …; gzip too' },
    test: { type: 'string', help: 'What they took next, in the same form' },
    sessions: {
      type: 'boolean',
      help: 'One session a line: item item …; to test, its begin, a tab, and the next item. Tried are near sessions, transitions, both, and boosted trees over the best of both',
    },
    minutes: { type: 'string', help: 'What choosing a model may take about; 10 unless said' },
  },
  async run(context) {
    const { flags, out } = context;
    const { train, test } = flags;
    if (train !== undefined || test !== undefined) {
      if (train === undefined || test === undefined) throw new Error('Give both --train FILE and --test FILE.');
      const progress = (line: string) => out.remark(line);
      const evaluate = flags.sessions ? evaluateSessions : evaluateLists;
      const found = await evaluate({ train, test, minutes: minutesOf(flags.minutes) }, progress);
      if (flags.json) return out.json(found);
      const { model, settings, seconds, metrics } = found;
      out.remark(`${model} ${JSON.stringify(settings)}, chosen and trained in ${seconds.toFixed(1)} s.`);
      for (const [metric, value] of Object.entries(metrics)) out.remark(`${metric} ${value.toFixed(4)}`);
      return undefined;
    }
    const service = await chosenService(context);
    const client = await context.connect(genericAiContract(service));
    const { leaderboard, leftOut, champion } = await client.getStatus({});
    if (leaderboard.length === 0) throw new Error(`${service} was never trained: run relearn train ${service}.`);
    if (flags.json) return out.json({ champion, leaderboard, leftOut });
    printLeaderboard(out, { leaderboard, leftOut });
    out.remark(
      champion ? `${service}: ${champion.id} (${champion.trial}) answers.` : `${service}: no version answers.`,
    );
  },
});

function minutesOf(text = '10'): number {
  const minutes = Number(text);
  if (!(minutes > 0 && minutes < 1_000)) throw new UsageError(`--minutes is a number above 0, not ${text}.`);
  return minutes;
}
