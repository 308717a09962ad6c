import type { TrainingTable } from './training-table.ts';

/** A leaf's rows, and the cut that lowers the squared error most. */
interface Leaf {
  readonly rows: readonly number[];
  readonly cut: { gain: number; left: number[]; right: number[] };
}

/**
 * What one tree of squared error says of its own rows, by trying every cut of every feature, missing values on either side: the slow reference. The best leaf is
 * cut first. O(leaves · features · rows²).
 */
export function exactTree(table: TrainingTable, { leafCount }: { readonly leafCount: number }): number[] {
  let leaves: Leaf[] = [leafOf(table, Array.from(table.labels.keys()))];
  while (leaves.length < leafCount) {
    const best = leaves.reduce((a, b) => (b.cut.gain > a.cut.gain ? b : a));
    if (best.cut.gain <= 1e-9) break;
    leaves = [...leaves.filter((leaf) => leaf !== best), leafOf(table, best.cut.left), leafOf(table, best.cut.right)];
  }
  const said: number[] = [];
  for (const { rows } of leaves) for (const row of rows) said[row] = mean(table, rows);
  return said;
}

function leafOf(table: TrainingTable, rows: readonly number[]): Leaf {
  const { features, featureCount } = table;
  const cut: Leaf['cut'] = { gain: 0, left: [], right: [] };
  for (let feature = 0; feature < featureCount; feature++) {
    const valueIn = (row: number) => features[row * featureCount + feature]!;
    for (const most of [...rows.map(valueIn).filter((value) => !Number.isNaN(value)), Number.POSITIVE_INFINITY]) {
      for (const missingLeft of [false, true]) {
        const goesLeft = (row: number) => (Number.isNaN(valueIn(row)) ? missingLeft : valueIn(row) <= most);
        const [left, right] = [rows.filter(goesLeft), rows.filter((row) => !goesLeft(row))];
        const gain = score(table, left) + score(table, right) - score(table, rows);
        if (gain > cut.gain + 1e-9) Object.assign(cut, { gain, left, right });
      }
    }
  }
  return { rows, cut };
}

function score(table: TrainingTable, rows: readonly number[]): number {
  return rows.length * mean(table, rows) ** 2;
}

function mean({ labels }: TrainingTable, rows: readonly number[]): number {
  return rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + labels[row]!, 0) / rows.length;
}
