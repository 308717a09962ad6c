import { Blend, type RankingModel, ThreadPool } from '../models/index.ts';
import { fullRanking, type RankingQuestion } from './full-ranking.ts';
import { type ChosenPart, ListChoice } from './list-choice.ts';
import { listData, rankingDataOf } from './list-data.ts';
import type { ListContext } from './list-families.ts';
import { readLists, type UserList } from './read-lists.ts';

const K = 20;
const SEED = 1;
/** What choosing and training may hold. */
const MEMORY_BYTES = 4 * 1024 ** 3;

export interface ListEvaluation {
  /** `blend` where several are blended; its settings are theirs, with the weight of each. */
  readonly model: string;
  readonly settings: object;
  /** Choice and training. */
  readonly seconds: number;
  readonly metrics: { readonly 'recall@20': number; readonly 'ndcg@20': number };
}

export interface ListEvaluationOptions {
  readonly train: string;
  readonly test: string;
  /** What choice and training may take about. */
  readonly minutes: number;
}

/**
 * Chooses models and settings from the training file alone, on pairs held out of it, trains the best on all of it, and scores the test file: full ranking
 * over all items of the training file that the user did not have. Wanted items that nobody took in training count as missed.
 *
 * @param progress - Told of each candidate's NDCG@20 on what was held out, and of what is done after.
 */
export async function evaluateLists(
  { train, test, minutes }: ListEvaluationOptions,
  progress: (line: string) => void,
): Promise<ListEvaluation> {
  const { itemCount, taken, userOf, itemOf } = listData(await readLists(train));
  const testLists = Array.from(await readLists(test));
  const startedMs = performance.now();
  const pool = new ThreadPool();
  try {
    const context = { nowMs: 0, seed: SEED, pool };
    const endMs = startedMs + minutes * 60_000;
    const limits = { endMs, memoryBytes: MEMORY_BYTES };
    const parts = await new ListChoice(itemCount, taken, { ...context, ...limits, progress }).best();
    pool.freeMemories();
    const model = trained(parts, { itemCount, taken, context }, progress);
    const seconds = (performance.now() - startedMs) / 1_000;
    const questions = questionsOf(testLists, { taken, userOf, itemOf });
    progress(`scoring ${questions.length} users of ${test}`);
    const { recall, ndcg } = fullRanking(model, questions, K);
    return { ...described(parts), seconds, metrics: { 'recall@20': mean(recall), 'ndcg@20': mean(ndcg) } };
  } finally {
    await pool.close();
  }
}

function trained(
  parts: readonly ChosenPart[],
  { itemCount, taken, context }: { itemCount: number; taken: readonly Int32Array[]; context: ListContext },
  progress: (line: string) => void,
): RankingModel {
  const data = rankingDataOf(itemCount, taken);
  const models = parts.map(({ family, settings, weight }) => {
    progress(`${family.model}: training on everything`);
    return { model: family.train(data, settings, context), weight };
  });
  return models.length === 1 ? models[0]!.model : new Blend(models, { onlyNew: true });
}

function questionsOf(
  lists: readonly UserList[],
  { taken, userOf, itemOf }: Omit<ReturnType<typeof listData>, 'itemCount'>,
): RankingQuestion[] {
  const byUser = Map.groupBy(lists, ([user]) => user);
  return Array.from(byUser, ([user, own]) => ({
    had: taken[userOf.get(user) ?? -1] ?? new Int32Array(0),
    wanted: new Set(own.flatMap(([, items]) => items).map((item, place) => itemOf.get(item) ?? -1 - place)),
  })).filter(({ wanted }) => wanted.size > 0);
}

function described(parts: readonly ChosenPart[]): Pick<ListEvaluation, 'model' | 'settings'> {
  if (parts.length === 1) return { model: parts[0]!.family.model, settings: parts[0]!.settings };
  const settings = parts.map(({ family, settings, weight }) => [family.model, { ...settings, weight }]);
  return { model: 'blend', settings: Object.fromEntries(settings) };
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
