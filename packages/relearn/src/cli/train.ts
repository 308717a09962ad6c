import { setTimeout as sleep } from 'node:timers/promises';
import { genericAiContract } from '../loop/ai-contract.ts';
import type { TrainingRun } from '../loop/training-run.ts';
import { chosenService } from './chosen-service.ts';
import { command } from './command.ts';
import { printLeaderboard } from './leaderboard.ts';

const LOOK_EVERY_MS = 150;

/** `relearn train`: starts a training, follows it, and shows what each trial did. */
export const trainCommand = command({
  name: 'train',
  summary: 'Train a service: trials from simple to complex, and a leaderboard',
  usage: '[SERVICE] [--seed N] [--json]',
  options: {
    seed: { type: 'string', help: 'Seed of the training; the same seed and data give the same version' },
    json: { type: 'boolean', help: 'Print the training as JSON' },
  },
  async run(context) {
    const { flags, out, signal } = context;
    const client = await context.connect(genericAiContract(await chosenService(context)));
    const seed = flags.seed === undefined ? {} : { seed: Number(flags.seed) };
    const { id } = await client.train({ body: { reason: 'relearn train', ...seed } });
    signal.addEventListener('abort', () => void client.cancelTraining({ params: { id } }), { once: true });
    let run: TrainingRun = await client.getTraining({ params: { id } });
    while (run.state === 'running') {
      out.progress(run.progress, run.note);
      await sleep(LOOK_EVERY_MS);
      run = await client.getTraining({ params: { id } });
    }
    out.progressDone();
    if (flags.json) out.json(run);
    else if (run.leaderboard !== undefined) printLeaderboard(out, run.leaderboard);
    if (run.state !== 'succeeded') throw new Error(run.error ?? `The training was ${run.state}.`);
    const seconds = ((run.endedAtMs! - run.startedAtMs) / 1000).toFixed(1);
    out.remark(`${run.note}. Trained in ${seconds} s.`);
  },
});
