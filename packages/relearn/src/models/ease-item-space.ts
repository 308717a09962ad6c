import { RowScorer } from '../kernels/row-scorer.ts';
import { takeSpdInverse } from '../kernels/tiled-spd-inverse.ts';

import type { Packed } from './codec.ts';
import type { EaseMap, EaseOptions, EaseProblem } from './ease-problem.ts';
import { Gram } from './gram.ts';
import type { ItemRow } from './user-item-rows.ts';

/** EASE's map as it is, items by items: row by item taken, column by item scored. 2 n² bytes for n items; an answer reads the rows of the items taken. */
export class EaseItemSpace implements EaseMap {
  readonly #scorer: RowScorer;

  constructor(scorer: RowScorer) {
    this.#scorer = scorer;
  }

  score(histories: readonly ItemRow[], scores: Float32Array): void {
    const itemCount = scores.length / histories.length;
    for (const [at, row] of histories.entries()) {
      this.#scorer.score(row, scores.subarray(at * itemCount, (at + 1) * itemCount));
    }
  }

  at(from: number, to: number): number {
    return this.#scorer.at(from, to);
  }

  pack(): Packed {
    const { steps, scales } = this.#scorer;
    return { settings: {}, columns: { steps, scales } };
  }

  static unpack({ columns }: Packed, itemCount: number): EaseItemSpace {
    const scorer = new RowScorer(itemCount, itemCount);
    scorer.steps.set(columns.steps as Int16Array);
    scorer.scales.set(columns.scales as Float32Array);
    return new EaseItemSpace(scorer);
  }

  /**
   * O(Σ row length² + n³), 8 n² bytes while it learns.
   *
   * @throws RangeError when the map, 2 n² bytes, is more than one memory holds, about 46,000 items, or what learning takes is more than is free.
   */
  static learn({ rows, itemCount: n, ridge, factor }: EaseProblem, options: EaseOptions): EaseItemSpace {
    const scorer = new RowScorer(n, n);
    const inverse = takeSpdInverse(n);
    const gram = new Gram(rows, n);
    for (let item = 0; item < n; item++) {
      const row = inverse.lowerRow(item);
      gram.addRow(item, row);
      row[item]! += ridge[item]!;
    }
    inverse.invert(options);
    const scale = factor.map((value, item) => -value / inverse.lowerRow(item)[item]!);
    const weights = new Float32Array(n);
    for (let from = 0; from < n; from++) {
      inverse.readRow(from, weights);
      for (let to = 0; to < n; to++) weights[to]! *= scale[to]!;
      weights[from] = 0;
      scorer.setRow(from, weights);
    }
    return new EaseItemSpace(scorer);
  }
}
