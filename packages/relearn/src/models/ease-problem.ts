import type { ThreadPool } from '../kernels/thread-pool.ts';
import type { Packed } from './codec.ts';
import type { ItemRow, UserItemRows } from './user-item-rows.ts';

/** Each item is foretold from all others: the map `B = I − P · diag(1 / P)`, `P = (XᵀX + Λ)⁻¹`, its columns times a factor of the item scored. */
export interface EaseProblem {
  /** X. */
  readonly rows: UserItemRows;
  readonly itemCount: number;
  /** Λ's diagonal, f32, shape (itemCount). */
  readonly ridge: Float32Array;
  /** f32, shape (itemCount). */
  readonly factor: Float32Array;
}

export interface EaseOptions {
  readonly pool?: ThreadPool | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The map learned. */
export interface EaseMap {
  /** @param scores f32 row-major, shape (histories.length, itemCount); overwritten. */
  score(histories: readonly ItemRow[], scores: Float32Array): void;
  /** How much having taken `from` speaks for `to`. */
  at(from: number, to: number): number;
  pack(): Packed;
}
