import { RowSums } from '../kernels/row-sums.ts';
import { type SparseRows, transposed } from '../kernels/sparse-rows.ts';
import { SpdInverse } from '../kernels/spd-inverse.ts';
import type { Packed } from './codec.ts';
import type { EaseMap, EaseOptions, EaseProblem } from './ease-problem.ts';
import { Gram } from './gram.ts';
import type { ItemRow } from './user-item-rows.ts';

/** What is known of each item: f32, shape (itemCount). */
interface Items {
  /** Z by items: who took each, f32. */
  readonly takers: SparseRows;
  /** Λ^−½. */
  readonly inputs: Float32Array;
  /** What a score is multiplied by. */
  readonly outputs: Float32Array;
  /** Diagonal of ZᵀKZ: what an item says of itself, which does not count. */
  readonly own: Float32Array;
}

/**
 * EASE's map kept by users, for where these are few. With `Z = X Λ^−½` and `K = (ZZᵀ + I)⁻¹`, users by users, the matrix inversion lemma has
 * `(XᵀX + Λ)⁻¹ = Λ^−½ (I − ZᵀKZ) Λ^−½`: all that the map says of a history h is `ZᵀKZ Λ^−½ h`, without any square of items.
 * 4 m² bytes for m users, and X. An answer reads the rows of K of those who took something of the history, and all of X.
 */
export class EaseUserSpace implements EaseMap {
  /** K, f32, shape (m, m). */
  readonly #inverse: RowSums;
  readonly #items: Items;
  /** How much each user took of a history; all 0 between two answers. */
  readonly #shares: Float32Array;

  constructor(inverse: RowSums, items: Items) {
    this.#inverse = inverse;
    this.#items = items;
    this.#shares = new Float32Array(inverse.rowCount);
  }

  score(histories: readonly ItemRow[], scores: Float32Array): void {
    const itemCount = this.#items.outputs.length;
    for (const [at, row] of histories.entries()) {
      this.#score(row, scores.subarray(at * itemCount, (at + 1) * itemCount));
    }
  }

  #score({ rows, weights }: ItemRow, scores: Float32Array): void {
    const { takers, inputs, outputs, own } = this.#items;
    const { start, items: users, weights: values } = takers;
    const inputOf = (at: number) => weights[at]! * inputs[rows[at]!]!;
    const said = this.#said(rows, inputOf);
    for (let item = 0; item < outputs.length; item++) {
      let sum = 0;
      const end = start[item + 1]!;
      for (let at = start[item]!; at < end; at++) sum += said[users[at]!]! * values[at]!;
      scores[item] = sum * outputs[item]!;
    }
    for (let at = 0; at < rows.length; at++) {
      const item = rows[at]!;
      scores[item]! -= inputOf(at) * own[item]! * outputs[item]!;
    }
  }

  at(from: number, to: number): number {
    const { takers, inputs, outputs } = this.#items;
    return from === to ? 0 : inputs[from]! * closeness(takers, this.#inverse, from, to) * outputs[to]!;
  }

  /** `K Z h`, f32, by users. */
  #said(rows: Int32Array, inputOf: (at: number) => number): Float32Array {
    const { start, items: users, weights: values } = this.#items.takers;
    const shares = this.#shares;
    for (let at = 0; at < rows.length; at++) {
      const input = inputOf(at);
      const end = start[rows[at]! + 1]!;
      for (let taker = start[rows[at]!]!; taker < end; taker++) shares[users[taker]!]! += input * values[taker]!;
    }
    const takers = Int32Array.from(shares.keys()).filter((user) => shares[user] !== 0);
    const said = this.#inverse.sum(
      takers,
      Float32Array.from(takers, (user) => shares[user]!),
    );
    shares.fill(0);
    return said;
  }

  pack(): Packed {
    const { takers, inputs, outputs, own } = this.#items;
    const { start, items: users, weights } = takers;
    const { matrix, rowCount: userCount } = this.#inverse;
    return { settings: { userCount }, columns: { start, users, weights, inputs, outputs, own, inverse: matrix } };
  }

  static unpack({ settings, columns }: Packed): EaseUserSpace {
    const userCount = settings.userCount as number;
    const inverse = new RowSums(userCount, userCount);
    inverse.matrix.set(columns.inverse as Float32Array);
    const { start, users, ...floats } = columns as { start: Int32Array; users: Int32Array };
    const { weights, ...items } = floats as unknown as Omit<Items, 'takers'> & { weights: Float32Array };
    return new EaseUserSpace(inverse, { ...items, takers: { start, items: users, weights } });
  }

  /**
   * O(Σ (takers of an item)² + m³) for m users, 8 m² bytes while it learns.
   *
   * @throws RangeError when one memory does not hold the square of the users, about 32,000.
   */
  static learn({ rows, itemCount, ridge, factor }: EaseProblem, options: EaseOptions): EaseUserSpace {
    const takers = transposed(rows, itemCount);
    const inputs = ridge.map((value) => 1 / Math.sqrt(value));
    for (let item = 0; item < itemCount; item++) {
      for (let at = takers.start[item]!; at < takers.start[item + 1]!; at++) takers.weights[at]! *= inputs[item]!;
    }
    const inverse = invertedGram(takers, rows.start.length - 1, options);
    const own = factor.map((_, item) => closeness(takers, inverse, item, item));
    const outputs = own.map((value, item) => factor[item]! / (inputs[item]! * unsaid(takers, item, value)));
    return new EaseUserSpace(inverse, { takers, inputs, outputs, own });
  }
}

/** `(ZZᵀ + I)⁻¹`. */
function invertedGram(takers: SparseRows, userCount: number, options: EaseOptions): RowSums {
  const inverse = new SpdInverse(userCount);
  const { matrix, stride } = inverse;
  const gram = new Gram(takers, userCount);
  for (let user = 0; user < userCount; user++) {
    gram.addRow(user, matrix.subarray(user * stride, user * stride + user + 1));
    matrix[user * stride + user]! += 1;
  }
  inverse.invert(options);
  const sums = new RowSums(userCount, userCount);
  for (let user = 0; user < userCount; user++)
    sums.matrix.set(matrix.subarray(user * stride, user * stride + userCount), user * sums.stride);
  return sums;
}

/** `zᵃᵀ K zᵇ`, O(takers of a · takers of b). */
function closeness({ start, items: users, weights }: SparseRows, inverse: RowSums, a: number, b: number): number {
  const { matrix, stride } = inverse;
  let sum = 0;
  for (let from = start[a]!; from < start[a + 1]!; from++) {
    const row = users[from]! * stride;
    let own = 0;
    for (let to = start[b]!; to < start[b + 1]!; to++) own += matrix[row + users[to]!]! * weights[to]!;
    sum += own * weights[from]!;
  }
  return sum;
}

/** `1 − zᵀKz`, which is at least `1 / (1 + zᵀz)` whatever was rounded. */
function unsaid({ start, weights }: SparseRows, item: number, own: number): number {
  let squares = 0;
  for (let at = start[item]!; at < start[item + 1]!; at++) squares += weights[at]! * weights[at]!;
  return Math.max(1 - own, 1 / (1 + squares));
}
