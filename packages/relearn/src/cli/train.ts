import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientOf } from '../contract/contract.ts';
import { ProblemError } from '../contract/problem.ts';
import { genericAiContract, loopProblems } from '../loop/ai-contract.ts';
import type { TrainingRun, TrainingWishes } from '../loop/training-run.ts';
import { chosenService } from './chosen-service.ts';
import { type CommandContext, command, UsageError } from './command.ts';
import { printLeaderboard } from './leaderboard.ts';

type AiClient = ClientOf<ReturnType<typeof genericAiContract>>;

const LOOK_EVERY_MS = 150;

/** `relearn train`: starts a training, follows it, and shows what each trial did. */
export const trainCommand = command({
  name: 'train',
  summary: 'Train a service: trials from simple to complex, and a leaderboard',
  usage: '[SERVICE] [--minutes N] [--memory MIB] [--seed N] [--json]',
  positionalsMax: 1,
  options: {
    seed: { type: 'string', help: 'Seed of the training; the same seed and data give the same version' },
    minutes: { type: 'string', help: 'Time within which trials are begun; half an hour unless the service says' },
    memory: {
      type: 'string',
      help: "MiB that no trial's training may exceed; half of the machine's unless the service says",
    },
    json: { type: 'boolean', help: 'Print the training as JSON' },
  },
  async run(context) {
    const { flags, out } = context;
    const wishes = { ...seedOf(flags.seed), budget: budgetOf(flags) };
    const service = await chosenService(context);
    const client = await context.connect(genericAiContract(service));
    const begun = await begin(client, wishes);
    const id = begun ?? (await findRunning(client, { service, context }));
    const run = await follow(client, id, { context, isOwn: begun !== undefined });
    if (flags.json) out.json(run);
    else if (run.leaderboard !== undefined) printLeaderboard(out, run);
    if (run.state !== 'succeeded') throw new Error(`${service}: ${run.error ?? `the training was ${run.state}.`}`);
    const seconds = ((run.endedAtMs! - run.startedAtMs) / 1000).toFixed(1);
    out.remark(`${service}: ${run.note.replace(/\.$/, '')}. Trained in ${seconds} s.`);
  },
});

function seedOf(text: string | undefined): { seed?: number } {
  if (text === undefined) return {};
  const seed = Number(text);
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31) return { seed };
  throw new UsageError(`--seed takes a whole number from 0 to 2147483647, not ${text}.`);
}

function budgetOf({ minutes, memory }: { minutes?: string | undefined; memory?: string | undefined }) {
  return {
    ...(minutes === undefined ? {} : { timeMs: Math.round(aboveZero('--minutes', minutes) * 60_000) }),
    ...(memory === undefined ? {} : { memoryBytes: Math.round(aboveZero('--memory', memory) * 1024 ** 2) }),
  };
}

function aboveZero(flag: string, text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new UsageError(`${flag} takes a number above 0, not ${text}.`);
}

interface Training {
  readonly context: CommandContext;
}

/** Id of a training begun here; undefined when another one runs. */
async function begin(client: AiClient, wishes: TrainingWishes): Promise<string | undefined> {
  try {
    return (await client.train({ body: { reason: 'relearn train', ...wishes } })).id;
  } catch (error) {
    if (error instanceof ProblemError && error.code === loopProblems.trainingRunning.code) return undefined;
    throw error;
  }
}

/** Id of the training that runs, to follow it: it began by itself, or somebody else began it. */
async function findRunning(
  client: AiClient,
  { service, context }: Training & { readonly service: string },
): Promise<string> {
  const { training } = await client.getStatus({});
  if (training === null) throw new Error(`A training of ${service} ended just now; run the command again.`);
  if (context.flags.seed !== undefined) {
    throw new Error(`${service} is in training already (${training.reason}), with seed ${training.seed}; wait for it.`);
  }
  context.out.remark(`${service} is in training already (${training.reason}): following it.`);
  return training.id;
}

/** Waits for the training to end; Ctrl-C cancels it when it is our own. */
async function follow(
  client: AiClient,
  id: string,
  { context: { out, signal }, isOwn }: Training & { readonly isOwn: boolean },
): Promise<TrainingRun> {
  let run: TrainingRun = await client.getTraining({ params: { id } });
  while (run.state === 'running') {
    out.progress(run.progress, run.note);
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted && !isOwn) throw new Error('The training goes on; relearn train follows it again.');
    run = await (signal.aborted ? client.cancelTraining({ params: { id } }) : client.getTraining({ params: { id } }));
  }
  out.progressDone();
  return run;
}
