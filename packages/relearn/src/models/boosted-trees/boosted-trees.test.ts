import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ThreadPool } from '../../kernels/thread-pool.ts';
import { seededRandom } from '../../statistics/seeded-random.ts';
import { BoostedTrees } from './boosted-trees.ts';
import { exactTree } from './exact-tree-reference.ts';
import type { BoostedTreesSettings } from './settings.ts';
import { trainBoostedTrees } from './train.ts';
import type { TrainingTable } from './training-table.ts';

type Value = (row: number, feature: number) => number;

function tableOf(
  rowCount: number,
  featureCount: number,
  value: Value,
  label: (row: Float32Array) => number,
): TrainingTable {
  const features = new Float32Array(rowCount * featureCount);
  const labels = new Float32Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    for (let feature = 0; feature < featureCount; feature++) {
      features[row * featureCount + feature] = value(row, feature);
    }
    labels[row] = label(features.subarray(row * featureCount, (row + 1) * featureCount));
  }
  return { features, featureCount, labels };
}

function noise(seed: number): Value {
  const random = seededRandom(seed);
  return () => random() * 2 - 1;
}

function marginsOf(trees: BoostedTrees, { features, labels }: TrainingTable): Float32Array {
  const margins = new Float32Array(labels.length * trees.classCount);
  trees.predict(features, labels.length, margins);
  return margins;
}

const exclusiveOr = (row: Float32Array) => Number(row[0]! > 0 !== row[1]! > 0);
const small = { leafRowsMin: 1, leafHessianMin: 0 } as const;

test('one tree cuts where the slow exact one does', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const value = noise(seed);
    const table = tableOf(
      60,
      3,
      (row, feature) => ((row * 7 + feature) % 11 === 0 ? Number.NaN : value(row, feature)),
      (row) => Math.fround((row[0]! > 0.2 ? 3 : 0) + (Number.isNaN(row[1]!) ? 2 : row[1]!)),
    );
    const trees = trainBoostedTrees(
      table,
      { loss: 'squared', treeCount: 1, leafCount: 6, learningRate: 1, ...small },
      { seed },
    );
    const exact = exactTree(table, { leafCount: 6 });
    const margins = marginsOf(trees, table);
    for (const [row, margin] of margins.entries()) expect(margin).toBeCloseTo(exact[row]!, 2);
  }
});

describe('learns', () => {
  test('what no single feature says', () => {
    const table = tableOf(4_000, 5, noise(1), exclusiveOr);
    const trees = trainBoostedTrees(table, { loss: 'binary', treeCount: 50, leafCount: 8 }, { seed: 1 });
    const fresh = tableOf(1_000, 5, noise(2), exclusiveOr);
    const right = marginsOf(trees, fresh).filter((margin, row) => Number(margin > 0) === fresh.labels[row]).length;
    expect(right).toBeGreaterThan(970);
    expect(trees.importance.indexOf(Math.max(...trees.importance))).toBeLessThan(2);
  });

  test('odds: of one feature in two bins, the log odds of each', () => {
    const table = tableOf(
      1_000,
      1,
      (row) => row % 2,
      () => 0,
    );
    for (let row = 0; row < 1_000; row++) table.labels[row] = Number(row % 2 === 0 ? row % 8 === 0 : row % 10 < 9);
    const trees = trainBoostedTrees(table, { loss: 'binary', treeCount: 300, leafCount: 2 }, { seed: 1 });
    const [even, odd] = marginsOf(trees, table);
    expect(even).toBeCloseTo(Math.log(1 / 3), 1);
    expect(odd).toBeCloseTo(Math.log(4), 1);
  });

  test('classes', () => {
    const label = (row: Float32Array) => (row[0]! < -0.3 ? 0 : row[1]! > 0 ? 1 : 2);
    const table = tableOf(3_000, 3, noise(3), label);
    const settings = { loss: 'multiclass', classCount: 3, treeCount: 40, leafCount: 6 } as const;
    const trees = trainBoostedTrees(table, settings, { seed: 1 });
    const fresh = tableOf(600, 3, noise(4), label);
    const margins = marginsOf(trees, fresh);
    const right = fresh.labels.filter((wanted, row) => {
      const own = margins.subarray(row * 3, row * 3 + 3);
      return own.indexOf(Math.max(...own)) === wanted;
    }).length;
    expect(right).toBeGreaterThan(570);
  });

  test('numbers, with weights that say which rows count', () => {
    const table = tableOf(2_000, 2, noise(5), (row) => 10 * row[0]!);
    const weights = Float32Array.from(table.labels, (_, row) => Number(row % 2 === 0));
    const labels = table.labels.map((label, row) => (row % 2 === 0 ? label : 1e4));
    const trees = trainBoostedTrees({ ...table, labels, weights }, { loss: 'squared', treeCount: 100 }, { seed: 1 });
    const margins = marginsOf(trees, table);
    const error = margins.reduce((sum, margin, row) => sum + Math.abs(margin - table.labels[row]!), 0) / margins.length;
    expect(error).toBeLessThan(0.5);
  });

  test('an order within groups, though groups differ by much more', () => {
    const groupRows = 20;
    const value = noise(6);
    const table = tableOf(
      4_000,
      3,
      (row, feature) => (feature === 2 ? Math.floor(row / groupRows) : value(row, feature)),
      () => 0,
    );
    for (let row = 0; row < 4_000; row++) {
      table.labels[row] = Number(table.features[row * 3]! + table.features[row * 3 + 1]! > 0.9) * 2;
    }
    const groups = Int32Array.from({ length: 4_000 / groupRows + 1 }, (_, group) => group * groupRows);
    const trees = trainBoostedTrees(
      { ...table, groups },
      { loss: 'lambdamart', treeCount: 60, leafCount: 8 },
      { seed: 1 },
    );
    const margins = marginsOf(trees, table);
    let [right, pairs] = [0, 0];
    for (let one = 0; one < 4_000; one++) {
      for (
        let other = one + 1;
        other < 4_000 && Math.floor(other / groupRows) === Math.floor(one / groupRows);
        other++
      ) {
        if (table.labels[one] === table.labels[other]) continue;
        pairs++;
        right += Number(margins[one]! > margins[other]! === table.labels[one]! > table.labels[other]!);
      }
    }
    expect(right / pairs).toBeGreaterThan(0.95);
  });

  test('no longer than it helps', () => {
    const flip = noise(8);
    const label = (row: Float32Array) => Number(row[0]! > 0 !== flip(0, 0) > 0.6);
    const [table, fresh] = [tableOf(500, 4, noise(7), label), tableOf(500, 4, noise(9), label)];
    const settings = { loss: 'binary', treeCount: 400, learningRate: 0.3 } as const;
    const trees = trainBoostedTrees(table, settings, { seed: 1, validation: { table: fresh, patience: 10 } });
    expect(trees.treeCount).toBeLessThan(60);
  });
});

describe('is the same', () => {
  const table = tableOf(20_000, 9, noise(10), exclusiveOr);
  const settings = { loss: 'binary', treeCount: 10, rowShare: 0.7, columnShare: 0.5 } as const;

  test('whatever the threads, and read back', async () => {
    const pool = new ThreadPool(2);
    const [alone, together] = [undefined, pool].map((threads) =>
      trainBoostedTrees(table, settings, { seed: 4, pool: threads }),
    );
    await pool.close();
    expect(together!.pack()).toEqual(alone!.pack());
    expect(marginsOf(BoostedTrees.unpack(alone!.pack()), table)).toEqual(marginsOf(alone!, table));
    expect(trainBoostedTrees(table, settings, { seed: 5 }).pack()).not.toEqual(alone!.pack());
  });

  test('however a feature is stretched', () => {
    const stretched = { ...table, features: table.features.map((value) => Math.fround(Math.exp(3 * value))) };
    const plain = marginsOf(trainBoostedTrees(table, settings, { seed: 4 }), table);
    const other = marginsOf(trainBoostedTrees(stretched, settings, { seed: 4 }), stretched);
    const same = plain.filter((margin, row) => margin === other[row]).length;
    expect(same / plain.length).toBeGreaterThan(0.99);
  });
});

describe('answers', () => {
  const everyLoss: readonly BoostedTreesSettings[] = [
    { loss: 'squared' },
    { loss: 'binary' },
    { loss: 'multiclass', classCount: 2 },
    { loss: 'lambdamart' },
  ];

  test.each(everyLoss)('for next to nothing, by $loss', (settings) => {
    const value = fc.oneof(fc.constant(Number.NaN), fc.double({ min: -1e30, max: 1e30, noNaN: true }));
    const rows = fc.array(fc.record({ features: fc.tuple(value, value), label: fc.constantFrom(0, 1) }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(rows, (given) => {
        const features = Float32Array.from(given.flatMap((row) => row.features));
        const labels = Float32Array.from(given, ({ label }) => label);
        const groups = Int32Array.of(0, Math.floor(given.length / 2), given.length);
        const table = { features, featureCount: 2, labels, groups };
        const trees = trainBoostedTrees(table, { ...settings, treeCount: 3, ...small }, { seed: 1 });
        const unknown = { ...table, features: Float32Array.of(Number.NaN, 7), labels: new Float32Array(1) };
        expect(marginsOf(trees, table).every(Number.isFinite)).toBe(true);
        expect(marginsOf(trees, unknown).every(Number.isFinite)).toBe(true);
      }),
    );
  });

  const table = tableOf(4, 2, noise(1), () => 1);
  test.each<[string, Partial<TrainingTable>, BoostedTreesSettings, string]>([
    ['nothing', { features: new Float32Array(0), labels: new Float32Array(0) }, { loss: 'binary' }, 'at least one row'],
    [
      'lengths at odds',
      { labels: new Float32Array(3) },
      { loss: 'binary' },
      '3 labels and 2 features make 6 values, not 8',
    ],
    [
      'the infinite',
      { features: new Float32Array(8).fill(Infinity) },
      { loss: 'binary' },
      'Feature 0 of row 0 is infinite',
    ],
    ['a strange label', { labels: Float32Array.of(0, 1, 2, 0) }, { loss: 'binary' }, 'Label 2 of row 2'],
    ['one class', {}, { loss: 'multiclass', classCount: 1 }, 'classCount is 2 or more'],
    ['ranks without groups', {}, { loss: 'lambdamart' }, 'needs groups'],
    ['groups of other rows', { groups: Int32Array.of(0, 3) }, { loss: 'lambdamart' }, 'end at 4'],
    ['a weight below 0', { weights: Float32Array.of(1, -1, 1, 1) }, { loss: 'binary' }, 'Weight -1 of row 1'],
    ['more rows than fit', {}, { loss: 'binary', leafCount: 10_000_000 }, 'GiB'],
  ])('%s with an error that says what is wrong', (_, part, settings, message) => {
    expect(() => trainBoostedTrees({ ...table, ...part }, settings, { seed: 1 })).toThrow(RangeError);
    expect(() => trainBoostedTrees({ ...table, ...part }, settings, { seed: 1 })).toThrow(message);
  });
});
