import { seededRandom } from '../statistics/seeded-random.ts';
import type { Example } from './decision.ts';
import type { Model } from './model.ts';
import { NotEnoughData } from './not-enough-data.ts';

/** A part of the data to train on and what came after it. */
export interface Window<Data = any, Cases = any> {
  readonly name: string;
  readonly train: Data;
  readonly cases: Cases;
  /** End of the part to train on, ms since the epoch. */
  readonly nowMs: number;
}

/** How trials are compared. `score` gives each metric per unit (user, class or row), so that models are compared on the same units. */
export interface Evaluation<Data = any, M extends Model = any, Cases = any> {
  /** Metric that chooses, higher is better: `ndcg@20`. */
  readonly primary: string;
  windows(data: Data): readonly Window<Data, Cases>[];
  /** The same window with a share of its units, above 0 up to 1: what settings are first compared on. They are compared on all of it when left out. */
  thinned?(window: Window<Data, Cases>, share: number): Window<Data, Cases>;
  score(model: M, cases: Cases): Promise<Record<string, Float64Array>> | Record<string, Float64Array>;
}

type Examples = readonly Example<any, any>[];

/**
 * Holds out the newest fifth and compares by the reward of each held-out example. Examples of one time have no order, so they are
 * drawn: a file sorted by its labels must not hold out whole labels.
 */
export function newestFifth(reward: (output: any, outcome: any) => number): Evaluation<Examples, Model, Examples> {
  return {
    primary: 'reward',
    windows(data) {
      const sorted = shuffled(data).sort((a, b) => a.atMs - b.atMs);
      const cut = Math.floor(sorted.length * 0.8);
      const train = sorted.slice(0, cut);
      const cases = sorted.slice(cut);
      if (train.length === 0 || cases.length === 0) {
        throw new NotEnoughData(`${data.length} examples cannot be divided for a comparison; bring at least 5.`);
      }
      return [{ name: 'newest fifth', train, cases, nowMs: train.at(-1)!.atMs }];
    },
    thinned: (window, share) => ({
      ...window,
      train: spreadShare(window.train, share),
      cases: spreadShare(window.cases, share),
    }),
    score: (model, cases) => ({
      reward: Float64Array.from(cases, ({ features, outcome }) => reward(model.predict(features), outcome)),
    }),
  };
}

/** A share of the examples, spread evenly over all; never none. */
function spreadShare(examples: Examples, share: number): Examples {
  return examples.filter((_, at) => at === 0 || Math.floor(at * share) !== Math.floor((at - 1) * share));
}

/** A copy in an order that is always the same for as many examples. Fisher–Yates. */
function shuffled(data: Examples): Example<any, any>[] {
  const random = seededRandom(data.length);
  const copy = [...data];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [copy[last], copy[other]] = [copy[other]!, copy[last]!];
  }
  return copy;
}
