import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FactorScorer } from './factor-scorer.ts';
import { multiplyReference } from './matrix-product-reference.ts';
import { ThreadPool } from './thread-pool.ts';

function randomValues(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, at) => Math.sin(seed + at * 12.9898));
}

const shapes = fc.record({
  itemCount: fc.integer({ min: 1, max: 300 }),
  factorCount: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 380, max: 400 })),
  vectorCount: fc.integer({ min: 1, max: 200 }),
});

test('scores as the reference multiplies, one vector alone to the same bits as among others', () => {
  fc.assert(
    fc.property(shapes, fc.nat(1_000), ({ itemCount, factorCount, vectorCount }, seed) => {
      const factors = randomValues(itemCount * factorCount, seed);
      const vectors = randomValues(vectorCount * factorCount, seed + 1);
      const scorer = new FactorScorer(factors, factorCount);
      const scores = new Float32Array(vectorCount * itemCount);
      scorer.score(vectors, scores);
      const wanted = multiplyReference(
        { rowCount: vectorCount, columnCount: itemCount, depth: factorCount },
        (row, k) => vectors[row * factorCount + k]!,
        (k, column) => factors[column * factorCount + k]!,
      );
      for (const [at, score] of scores.entries()) expect(Math.abs(score - wanted[at]!)).toBeLessThan(1e-3);
      const [last, alone] = [vectorCount - 1, new Float32Array(itemCount)];
      scorer.score(vectors.subarray(last * factorCount), alone);
      expect(alone).toEqual(scores.slice(last * itemCount));
    }),
    { numRuns: 30 },
  );
});

test('gives the same bits with one thread and three, and answers where there is nothing', async () => {
  const [factors, vectors] = [randomValues(2_000 * 64, 1), randomValues(50 * 64, 2)];
  const pool = new ThreadPool(2);
  const [alone, shared] = [new Float32Array(50 * 2_000), new Float32Array(50 * 2_000)];
  new FactorScorer(factors, 64).score(vectors, alone);
  const scorer = new FactorScorer(factors, 64, { pool });
  for (let again = 0; again < 5; again++) {
    scorer.score(vectors, shared);
    expect(shared).toEqual(alone);
  }
  await pool.close();
  const none = new Float32Array([1, 2]);
  new FactorScorer(new Float32Array(0), 0).score(new Float32Array(0), none);
  expect(none).toEqual(new Float32Array(2));
});
