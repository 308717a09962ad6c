import { DotProductSearch, topK } from 'relearn/models';
import { seededRandom } from '../packages/relearn/src/statistics/seeded-random.ts';
import { keepResult } from './keep-result.ts';

/**
 * The best 20 of 1,000,000 items of 64 factors, a request at a time on one thread, 100 items excluded in each; and how many of the exact best were found. Two kinds of
 * factors: all alike normal, where no item can be left out beforehand; and as matrix factorisation gives them, with few popular long items and most
 * of what they say in few directions.
 */

const [ITEMS, FACTORS, K] = [1_000_000, 64, 20];
const [REQUESTS, WARM_UP, EXACT_REQUESTS, EXCLUDED] = [1_000, 50, 50, 100];
const TARGET = { p99Ms: 10, found: 0.99 };
const SEED = 1;

const random = seededRandom(SEED);
/** Source: Box & Muller 1958. */
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Length of an item, and how much of it lies in each direction. */
const kinds = {
  normal: { lengthOf: () => 1, share: () => 1 },
  factorised: { lengthOf: () => Math.exp(0.8 * normal()), share: (factor: number) => 1 / Math.sqrt(1 + factor) },
};
type Kind = keyof typeof kinds;

const rows = Object.fromEntries((Object.keys(kinds) as Kind[]).map((kind) => [kind, measure(kind)]));
console.table(rows);
console.log(`target p99 ${TARGET.p99Ms} ms at ${TARGET.found} of the exact best`);
await keepResult('top-items-search', {
  items: ITEMS,
  factors: FACTORS,
  k: K,
  excluded: EXCLUDED,
  threads: 1,
  requests: REQUESTS,
  seed: SEED,
  rows,
  target: TARGET,
});
if (Object.values(rows).some(({ p99Ms, found }) => p99Ms > TARGET.p99Ms || found < TARGET.found)) process.exitCode = 1;

function measure(kind: Kind) {
  const factors = new Float32Array(ITEMS * FACTORS);
  for (let item = 0; item < ITEMS; item++) {
    const length = kinds[kind].lengthOf();
    factors.set(vector(kind, length), item * FACTORS);
  }
  const startedMs = performance.now();
  const search = new DotProductSearch(factors, FACTORS);
  const buildS = (performance.now() - startedMs) / 1_000;
  const timesMs: number[] = [];
  let found = 0;
  for (let request = 0; request < WARM_UP + REQUESTS; request++) {
    const query = vector(kind, 1);
    const excluded = Array.from({ length: EXCLUDED }, () => Math.floor(random() * ITEMS));
    const askedMs = performance.now();
    const best = search.best(query, K, excluded);
    if (request >= WARM_UP) timesMs.push(performance.now() - askedMs);
    if (request < EXACT_REQUESTS) found += shareFound(best.items, exact(factors, query, excluded));
  }
  timesMs.sort((a, b) => a - b);
  const quantile = (share: number) => Math.round(timesMs[Math.ceil(share * REQUESTS) - 1]! * 100) / 100;
  return {
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    mostMs: quantile(1),
    found: found / EXACT_REQUESTS,
    buildS: Math.round(buildS * 100) / 100,
  };
}

function vector(kind: Kind, length: number): Float32Array {
  return Float32Array.from({ length: FACTORS }, (_, factor) => length * kinds[kind].share(factor) * normal());
}

function exact(factors: Float32Array, query: Float32Array, excluded: readonly number[]): Int32Array {
  const scores = new Float32Array(ITEMS);
  for (let item = 0, at = 0; item < ITEMS; item++) {
    let sum = 0;
    for (let factor = 0; factor < FACTORS; factor++) sum += query[factor]! * factors[at++]!;
    scores[item] = sum;
  }
  for (const item of excluded) scores[item] = Number.NEGATIVE_INFINITY;
  return topK(scores, K);
}

function shareFound(items: Int32Array, wanted: Int32Array): number {
  return wanted.filter((item) => items.includes(item)).length / wanted.length;
}
