import { RowScorer } from '../kernels/row-scorer.ts';
import { SpdInverse } from '../kernels/spd-inverse.ts';
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

  score(row: ItemRow, scores: Float32Array): void {
    this.#scorer.score(row, scores);
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
   * @throws RangeError when one memory does not hold the square of the items, about 32,000.
   */
  static learn({ rows, itemCount: n, ridge, factor }: EaseProblem, options: EaseOptions): EaseItemSpace {
    const inverse = new SpdInverse(n);
    const { matrix, stride } = inverse;
    const gram = new Gram(rows, n);
    for (let item = 0; item < n; item++) {
      gram.addRow(item, matrix.subarray(item * stride, item * stride + item + 1));
      matrix[item * stride + item]! += ridge[item]!;
    }
    inverse.invert(options);
    const scale = factor.map((value, item) => -value / matrix[item * stride + item]!);
    const scorer = new RowScorer(n, n);
    const weights = new Float32Array(n);
    for (let from = 0; from < n; from++) {
      for (let to = 0; to < n; to++) weights[to] = matrix[from * stride + to]! * scale[to]!;
      weights[from] = 0;
      scorer.setRow(from, weights);
    }
    return new EaseItemSpace(scorer);
  }
}
