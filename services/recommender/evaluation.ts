import type { Evaluation } from 'relearn';
import { type RankingScore, rankingScore, topK } from 'relearn/models';
import { type Dataset, selectRows } from './dataset.ts';
import type { Ranker } from './ranker.ts';
import { type Case, type Cases, spread, windowsOf } from './windows.ts';

const K = 20;

/** Interactions without which nothing can be compared. */
const INTERACTIONS_MIN = 50;

/**
 * Two windows in time, each foretold from everything before it; where no times are known, a fifth of each user's items. Full ranking over all items.
 * `…-new` counts items new to the user, with those had before left out of the list; `…-all` counts every item, where anybody comes back to one; what has
 * no suffix is the mean of the two, or the one that a user has. Users and items without anything before the cut are left out: no trial can tell them apart.
 */
export const evaluation: Evaluation<Dataset, Ranker, Cases> = {
  primary: 'ndcg@20',
  windows: (data) => (data.items.length < INTERACTIONS_MIN ? [] : windowsOf(data, { count: 2, step: 1, fifth: 0 })),
  thinned: (window, share) => ({
    ...window,
    train: selectRows(window.train, (row) => spread(window.train.users[row]!) < share * 2 ** 32),
    cases: { ...window.cases, users: window.cases.users.slice(0, Math.ceil(share * window.cases.users.length)) },
  }),
  score: scoreCases,
};

function scoreCases(ranker: Ranker, { users, hasRepeats, itemCount, nowMs }: Cases): Record<string, Float64Array> {
  const columns = new Map<string, number[]>();
  const add = (metric: string, value: number) => {
    const column = columns.get(metric);
    if (column) column.push(value);
    else columns.set(metric, [value]);
  };
  const scores = new Float32Array(itemCount);
  for (const one of users) {
    ranker.score(one.history, nowMs, scores);
    const all = hasRepeats ? scoreAll(scores, one) : undefined;
    const fresh = scoreNew(scores, one);
    const asked = [all, fresh].filter((score) => score !== undefined);
    for (const metric of ['ndcg', 'recall'] as const) {
      add(`${metric}@${K}`, asked.reduce((sum, score) => sum + score[metric], 0) / asked.length);
      if (all) add(`${metric}@${K}-all`, all[metric]);
      if (fresh) add(`${metric}@${K}-new`, fresh[metric]);
    }
  }
  return Object.fromEntries(Array.from(columns, ([metric, values]) => [metric, Float64Array.from(values)]));
}

function scoreAll(scores: Float32Array, { wanted }: Case): RankingScore {
  return rankingScore(topK(scores, K), wanted, K);
}

/** Without what the user had, whose scores are taken out; undefined where nothing new was wanted. */
function scoreNew(scores: Float32Array, { had, wanted }: Case): RankingScore | undefined {
  const unknown = wanted.difference(had);
  if (unknown.size === 0) return undefined;
  for (const item of had) scores[item] = Number.NEGATIVE_INFINITY;
  return rankingScore(topK(scores, K), unknown, K);
}
