import type { ItemContent } from 'relearn/models';
import type { Interaction } from '../services/recommender/contract.ts';
import { datasetOf } from '../services/recommender/dataset.ts';
import type { Features } from '../services/recommender/features.ts';
import { DEEDS_MAX } from '../services/recommender/history.ts';
import type { Ranker } from '../services/recommender/ranker.ts';
import { trials } from '../services/recommender/trials.ts';

/** Numbers for names, in the order they come. */
class Numbers {
  readonly names: string[] = [];
  readonly #numbers = new Map<string, number>();

  of(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}

export interface TrainedCandidate {
  readonly name: string;
  readonly seconds: number;
  /** Products for a customer, best first. */
  answer(this: void, userId: string, k: number, exclude: readonly string[]): readonly string[];
}

/** Each of the recommender's trials with its own settings, trained on these purchases, which are sorted by time. */
export async function* trainedCandidates(
  purchases: readonly Interaction[],
  contents: ReadonlyMap<string, ItemContent>,
): AsyncGenerator<TrainedCandidate> {
  const [people, items, baskets] = [new Numbers(), new Numbers(), new Numbers()];
  const columns = {
    people: purchases.map(({ userId }) => people.of(userId!)),
    items: purchases.map(({ itemId }) => items.of(itemId)),
    atMs: purchases.map(({ atMs }) => atMs!),
    weights: purchases.map(() => 1),
    baskets: purchases.map(({ basketId }) => baskets.of(basketId!)),
    bought: purchases.map(() => 1),
    prices: purchases.map(({ value, quantity }) => value! / quantity!),
  };
  const numbered = new Map(Array.from(contents, ([name, content]) => [items.of(name), content]));
  const data = datasetOf(columns, numbered);
  const nowMs = purchases.at(-1)!.atMs!;
  const histories = Map.groupBy(purchases, ({ userId }) => userId!);
  const signal = new AbortController().signal;
  for (const trial of trials) {
    const startedMs = performance.now();
    const ranker: Ranker = await trial.train(data, { seed: 1, nowMs, signal, progress: () => undefined });
    const seconds = (performance.now() - startedMs) / 1000;
    const answer: TrainedCandidate['answer'] = (userId, k, exclude) => {
      const question = questionOf(histories.get(userId)!, (name) => items.of(name), nowMs);
      const ranked = ranker.predict({ ...question, k, exclude: exclude.map((name) => items.of(name)) });
      return ranked.items.map((item) => items.names[item]!);
    };
    yield { name: trial.name, seconds, answer };
  }
}

/** As the recommender asks: the newest deeds. */
function questionOf(
  history: readonly Interaction[],
  numberOf: (name: string) => number,
  nowMs: number,
): Omit<Features, 'k' | 'exclude'> {
  const deeds = history.slice(-DEEDS_MAX);
  return {
    surface: 'for-you',
    nowMs,
    items: deeds.map(({ itemId }) => numberOf(itemId)),
    atMs: deeds.map(({ atMs }) => atMs!),
    weights: deeds.map(() => 1),
    candidates: [],
    newcomers: 0,
  };
}
