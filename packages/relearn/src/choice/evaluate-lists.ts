import { type Candidate, candidates } from './candidates.ts';
import { type FullRanking, fullRanking, type RankingQuestion } from './full-ranking.ts';
import { listData, rankingDataOf } from './list-data.ts';
import { readLists } from './read-lists.ts';

const K = 20;
/** One pair in so many is held out to choose on. */
const HELD_OUT_OF = 10;
/** Users asked about while choosing. */
const ASKED_MAX = 4_000;

export interface ListEvaluation {
  readonly model: string;
  readonly settings: Readonly<Record<string, number>>;
  /** Choice and training. */
  readonly seconds: number;
  readonly metrics: { readonly 'recall@20': number; readonly 'ndcg@20': number };
}

/**
 * Chooses model and settings from the training file alone, on pairs held out of it, trains the best on all of it, and scores the test file: full ranking
 * over all items of the training file that the user did not have. Wanted items that nobody took in training count as missed.
 *
 * @param progress - Told of each candidate's NDCG@20 on what was held out.
 */
export async function evaluateLists(
  paths: { readonly train: string; readonly test: string },
  progress: (line: string) => void,
): Promise<ListEvaluation> {
  const [trainLists, testLists] = [await readLists(paths.train), await readLists(paths.test)];
  const startedMs = performance.now();
  const { itemCount, taken, userOf, itemOf } = listData(trainLists);
  const chosen = choose(itemCount, taken, progress);
  const model = chosen.train(rankingDataOf(itemCount, taken));
  const seconds = (performance.now() - startedMs) / 1_000;
  const questions = Array.from(testLists, ([user, items]): RankingQuestion => {
    const had = taken[userOf.get(user) ?? -1] ?? new Int32Array(0);
    return { had, wanted: new Set(items.map((item, place) => itemOf.get(item) ?? -1 - place)) };
  });
  const { recall, ndcg } = fullRanking(model, questions, K);
  return {
    model: chosen.model,
    settings: chosen.settings,
    seconds,
    metrics: { 'recall@20': recall, 'ndcg@20': ndcg },
  };
}

/** The candidate with the best NDCG on held-out pairs; of equals the simpler. */
function choose(itemCount: number, taken: readonly Int32Array[], progress: (line: string) => void): Candidate {
  const kept = taken.map((items, user) => items.filter((item) => !isHeldOut(user, item)));
  const data = rankingDataOf(itemCount, kept);
  const step = Math.max(1, Math.ceil(taken.length / ASKED_MAX));
  const questions = taken
    .map((items, user) => ({ had: kept[user]!, wanted: new Set(items.filter((item) => isHeldOut(user, item))) }))
    .filter((_, user) => user % step === 0);
  let best: { candidate: Candidate; score: FullRanking } | undefined;
  for (const candidate of candidates(data)) {
    const score = fullRanking(candidate.train(data), questions, K);
    progress(`${candidate.model} ${JSON.stringify(candidate.settings)}: NDCG@${K} ${score.ndcg.toFixed(4)}`);
    if (best === undefined || score.ndcg > best.score.ndcg) best = { candidate, score };
  }
  return best!.candidate;
}

/** The same pairs at each run, spread evenly. Source of the constants: Steele, Lea & Flood 2014 (SplitMix). */
function isHeldOut(user: number, item: number): boolean {
  let mixed = Math.imul(user, 0x9e3779b1) ^ Math.imul(item, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return ((mixed ^ (mixed >>> 13)) >>> 0) % HELD_OUT_OF === 0;
}
