import { expect, test } from 'vitest';
import { seededRandom } from '../statistics/seeded-random.ts';
import { type GrownNode, TreeGrower } from './tree-grower.ts';

const [rowCount, featureCount] = [40_000, 11];

/** Whole numbers from 0 to 9, some missing; an edge above each. */
function madeUpFeatures(): { features: Float32Array; edges: Float32Array } {
  const random = seededRandom(1);
  const features = Float32Array.from({ length: rowCount * featureCount }, () =>
    random() < 0.05 ? Number.NaN : Math.floor(random() * 10),
  );
  const edges = new Float32Array(featureCount * 256).fill(Number.POSITIVE_INFINITY);
  for (let feature = 0; feature < featureCount; feature++) {
    for (let value = 0; value < 10; value++) edges[feature * 256 + value] = value + 0.5;
  }
  return { features, edges };
}

function valueAt(nodes: readonly GrownNode[], row: Float32Array): number {
  let node = nodes[0]!;
  while (node.feature >= 0) {
    const value = row[node.feature]!;
    const goesLeft = Number.isNaN(value) ? node.missingLeft : value + 1 <= node.bin;
    node = nodes[node.left + (goesLeft ? 0 : 1)]!;
  }
  return node.value;
}

test.each([
  { rows: 'all', rowShare: 1 },
  { rows: 'half the', rowShare: 0.5 },
])(
  'a tree grown on $rows rows cuts the drawn features alone and adds to every row what it says of it',
  ({ rowShare }) => {
    const drawn = [1, 4, 8, 10];
    const { features, edges } = madeUpFeatures();
    const shape = { rowCount, featureCount, drawnCount: drawn.length, classCount: 1, leafCount: 12 };
    const grower = new TreeGrower({ ...shape, groupCount: 0, labelMax: 0 }, { weighted: false });
    grower.bin(features, edges);
    const rowOf = (row: number) => features.subarray(row * featureCount, (row + 1) * featureCount);
    for (let row = 0; row < rowCount; row++) {
      const values = rowOf(row);
      grower.labels[row] = (values[1]! > 3 ? 2 : 0) + (values[2]! > 5 ? 9 : 0) + (values[8]! > 6 ? 1 : 0);
    }
    grower.computeGradients('squared');
    const leaves = { l2: 0, leafRowsMin: 20, leafHessianMin: 0, learningRate: 1 };
    const nodes = grower.grow({ ...leaves, drawn, rowShare, roundingKey: 3, drawingKey: 4 });
    grower.close();
    const cut = new Set(nodes.map(({ feature }) => feature).filter((feature) => feature >= 0));
    expect([...cut].every((feature) => drawn.includes(feature))).toBe(true);
    expect([1, 8].every((feature) => cut.has(feature))).toBe(true);
    for (let row = 0; row < rowCount; row++) expect(grower.margins[row]).toBe(valueAt(nodes, rowOf(row)));
  },
);
