import { type Ials, ThreadPool, trainIals } from 'relearn/models';
import { fullRanking, type RankingQuestion } from '../packages/relearn/src/choice/full-ranking.ts';
import { listData, rankingDataOf } from '../packages/relearn/src/choice/list-data.ts';
import { readLists } from '../packages/relearn/src/choice/read-lists.ts';
import { seededRandom } from '../packages/relearn/src/statistics/seeded-random.ts';
import { keepResult } from './keep-result.ts';
import { hasPeers, runPeer } from './peers/peer.ts';
import { realData } from './real-data.ts';

/**
 * Alternating least squares beside that of `implicit` (conjugate gradients), both on two threads, runs in turn, each with a seed of its own: the time until NDCG@20
 * of pairs held out of the training part comes to the best that `implicit` comes to, over its time to there; and seconds an epoch, without the first. NDCG is the
 * mean over the seeds, as one run's best is its luckiest epoch; times are medians. Both libraries' settings were chosen on pairs held out. Half an epoch is added
 * to our time, for the users' vectors: `implicit` ends with them, ours are solved for at each answer.
 */

const [THREADS, SEEDS, K] = [2, [1, 2, 3], 20] as const;
const [HELD_OUT, QUESTIONS_MAX] = [0.1, 6_000];
const EPOCHS = 12;
const TARGET = { gowalla: 0.25, 'ml-1m': 0.1, epoch: 0.3 };

const cases = [
  {
    set: 'gowalla',
    ours: { factorCount: 64, unobservedWeight: 0.015, regularisation: 0.006 },
    peer: { factors: 64, alpha: 30, regularization: 1, iterations: 6 },
  },
  {
    set: 'gowalla',
    ours: { factorCount: 128, unobservedWeight: 0.02, regularisation: 0.002 },
    peer: { factors: 128, alpha: 20, regularization: 30, iterations: 8 },
  },
  {
    set: 'ml-1m',
    ours: { factorCount: 64, unobservedWeight: 0.4, regularisation: 0.007 },
    peer: { factors: 64, alpha: 6, regularization: 60, iterations: 25 },
  },
  {
    set: 'ml-1m',
    ours: { factorCount: 128, unobservedWeight: 0.26, regularisation: 0.009 },
    peer: { factors: 128, alpha: 10, regularization: 100, iterations: 30 },
  },
] as const;
type Case = (typeof cases)[number];

interface Epoch {
  /** Since the training began. */
  readonly s: number;
  readonly ndcg: number;
}

interface Held {
  readonly itemCount: number;
  readonly taken: readonly Int32Array[];
  readonly questions: readonly (RankingQuestion & { readonly user: number })[];
}

const files = { gowalla: await realData('gowalla/train.txt.gz'), 'ml-1m': await realData('ml-1m/train.txt.gz') };
if (files.gowalla && files['ml-1m'] && (await hasPeers())) {
  const sets = { gowalla: await heldOut(files.gowalla), 'ml-1m': await heldOut(files['ml-1m']) };
  const pool = new ThreadPool(THREADS - 1);
  const rows = [];
  for (const one of cases) rows.push(await compared(one, sets[one.set], pool));
  console.table(rows, ['set', 'factors', 'ndcg', 's', 'peerS', 'time', 'timeTarget', 'epoch']);
  console.log(`target ${TARGET.epoch} of its time an epoch`);
  await keepResult('ials', { threads: THREADS, seeds: SEEDS, cases, rows, target: TARGET });
  if (rows.some(({ time, timeTarget, epoch }) => time > timeTarget || epoch > TARGET.epoch)) process.exitCode = 1;
  await pool.close();
}

async function heldOut(file: string): Promise<Held> {
  const { itemCount, taken } = listData(await readLists(file));
  const random = seededRandom(1);
  const kept = taken.map((items) => items.filter(() => random() >= HELD_OUT));
  const questions = taken.map((items, user) => {
    const had = kept[user]!;
    return { user, had, wanted: new Set(items.filter((item) => !had.includes(item))) };
  });
  const asked = questions.filter(({ had, wanted }) => had.length > 0 && wanted.size > 0);
  const step = Math.ceil(asked.length / QUESTIONS_MAX);
  return { itemCount, taken: kept, questions: asked.filter((_, order) => order % step === 0) };
}

async function compared({ set, ours, peer }: Case, held: Held, pool: ThreadPool) {
  const runs: { own: Epoch[]; peers: Epoch[] }[] = [];
  for (const seed of SEEDS) {
    runs.push({ peers: await peerEpochs(peer, held, seed), own: ownEpochs(ours, held, { seed, pool }) });
  }
  const [own, theirs] = [together(runs.map((run) => run.own)), together(runs.map((run) => run.peers))];
  const best = theirs.reduce((most, epoch) => (epoch.ndcg > most.ndcg ? epoch : most));
  const reached = own.find(({ ndcg }) => ndcg >= best.ndcg);
  const s = reached ? reached.s + epochS(own) / 2 : Number.POSITIVE_INFINITY;
  const [time, epoch] = [s / best.s, epochS(own) / epochS(theirs)];
  const factors = ours.factorCount;
  return { set, factors, ndcg: best.ndcg, s, peerS: best.s, time, timeTarget: TARGET[set], epoch, ours: own, theirs };
}

/** Epoch by epoch: the mean of what runs came to, and the median of when. */
function together(runs: readonly (readonly Epoch[])[]): Epoch[] {
  return runs[0]!.map((_, at) => {
    const same = runs.map((run) => run[at]!);
    return { s: median(same.map(({ s }) => s)), ndcg: same.reduce((sum, { ndcg }) => sum + ndcg, 0) / runs.length };
  });
}

function peerEpochs(settings: Case['peer'], { itemCount, taken, questions }: Held, seed: number): Promise<Epoch[]> {
  const start = [0];
  for (const items of taken) start.push(start.at(-1)! + items.length);
  const asked = questions.map(({ user, wanted }) => ({ user, wanted: [...wanted] }));
  const items = taken.flatMap((own) => [...own]);
  return runPeer('als.py', { settings, itemCount, start, items, questions: asked, threads: THREADS, seed });
}

function ownEpochs(settings: Case['ours'], held: Held, context: { seed: number; pool: ThreadPool }): Epoch[] {
  const data = rankingDataOf(held.itemCount, held.taken);
  const epochs: Epoch[] = [];
  const begunMs = performance.now();
  let askingMs = 0;
  const afterEpoch = (_: number, model: () => Ials) => {
    const atMs = performance.now();
    const trained = model();
    const s = (performance.now() - begunMs - askingMs) / 1_000;
    const { ndcg } = fullRanking(trained, held.questions, K);
    epochs.push({ s, ndcg: ndcg.reduce((sum, value) => sum + value, 0) / ndcg.length });
    askingMs += performance.now() - atMs;
    return false;
  };
  trainIals(data, { ...settings, epochCount: EPOCHS }, { nowMs: 0, ...context, afterEpoch });
  return epochs;
}

/** Seconds of an epoch, without the first. */
function epochS(epochs: readonly Epoch[]): number {
  return (epochs.at(-1)!.s - epochs[0]!.s) / (epochs.length - 1);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
