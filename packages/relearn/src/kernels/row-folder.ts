import { FactorScorer } from './factor-scorer.ts';
import type { TurnedFactors } from './ials.ts';
import type { Kernels } from './kernels.ts';
import { LeastSquaresRows, type Rooms, takeRooms } from './least-squares-rows.ts';
import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';
import type { SparseRows } from './sparse-rows.ts';
import { Team, type ThreadPool } from './thread-pool.ts';

/** Rows solved at a time. */
const ROWS_MAX = 96;
/** Entries that there is room for to begin with; more make the memory anew. */
const ENTRIES_MIN = 16_384;

/** Work space of a row, in rows: residual, direction, product, moments and preconditioner. */
const WORK_ROWS = 5;

export interface FoldedRow {
  /** Rows of the factors, each once. */
  readonly items: Int32Array;
  readonly weights: Float32Array;
  readonly ridge: number;
}

export interface RowFolderOptions {
  readonly stepCount: number;
  readonly unobservedWeight: number;
  readonly pool?: ThreadPool | undefined;
}

/**
 * Solves new rows against trained factors, and scores all items for them: O(entries · factorCount · stepCount + itemCount · factorCount) a row. Holds the factors
 * twice: as they are solved against, and packed for scoring.
 */
export class RowFolder {
  readonly #items: TurnedFactors;
  readonly #options: RowFolderOptions;
  readonly #scorer: FactorScorer;
  #solver: RowSolver;

  /** @throws RangeError naming the bytes when one memory cannot hold it. */
  constructor(items: TurnedFactors, options: RowFolderOptions) {
    this.#items = items;
    this.#options = options;
    this.#scorer = new FactorScorer(items.factors, items.moments.length, options);
    this.#solver = new RowSolver(items, ENTRIES_MIN);
  }

  /** @param scores f32 row-major, shape (rows.length, itemCount); overwritten. */
  score(rows: readonly FoldedRow[], scores: Float32Array): void {
    const { itemCount } = this.#scorer;
    for (let from = 0; from < rows.length; from += ROWS_MAX) {
      const part = rows.slice(from, from + ROWS_MAX);
      const entryCount = part.reduce((sum, { items }) => sum + items.length, 0);
      if (entryCount > this.#solver.entryCountMax) this.#solver = new RowSolver(this.#items, 2 * entryCount);
      const vectors = this.#solver.solve(part, this.#options);
      this.#scorer.score(vectors, scores.subarray(from * itemCount, (from + part.length) * itemCount));
    }
  }
}

/** The factors and a few rows, in a memory of their own. */
class RowSolver {
  readonly entryCountMax: number;
  readonly #rows: LeastSquaresRows;
  readonly #rooms: Rooms;
  readonly #fixed: { readonly at: number; readonly moments: number };
  readonly #itemCount: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;

  constructor({ factors, moments }: TurnedFactors, entryCountMax: number) {
    this.entryCountMax = entryCountMax;
    const factorCount = moments.length;
    this.#itemCount = factors.length / factorCount;
    const layout = new Layout();
    this.#fixed = { at: layout.take(factors.byteLength), moments: layout.take(moments.byteLength) };
    this.#rows = new LeastSquaresRows(layout, { factorCount, rowCountMax: ROWS_MAX, entryCountMax });
    this.#rooms = takeRooms(layout, WORK_ROWS * factorCount * 4);
    this.#memory = takeMemory(layout.sizeBytes, `${factorCount} factors of ${this.#itemCount} items`);
    this.#kernels = instantiateKernels(this.#memory);
    this.#rows.lieIn(this.#memory);
    new Float32Array(this.#memory.buffer, this.#fixed.at, factors.length).set(factors);
    new Float32Array(this.#memory.buffer, this.#fixed.moments, factorCount).set(moments);
  }

  /** f32 row-major, shape (rows.length, factorCount). */
  solve(rows: readonly FoldedRow[], { stepCount, unobservedWeight, pool }: RowFolderOptions): Float32Array {
    this.#rows.write(
      joined(rows),
      rows.map(({ ridge }) => ridge),
    );
    const isShared = pool !== undefined && rows.length > 1;
    const team = isShared ? pool.join(this.#memory, this.#kernels) : new Team(this.#memory, this.#kernels);
    const fixed = { ...this.#fixed, unobserved: unobservedWeight * this.#itemCount };
    this.#rows.solve(team, fixed, { rooms: this.#rooms, stepCount });
    team.dismiss();
    return this.#rows.factors(rows.length).slice();
  }
}

function joined(rows: readonly FoldedRow[]): SparseRows {
  const start = new Int32Array(rows.length + 1);
  for (const [row, { items }] of rows.entries()) start[row + 1] = start[row]! + items.length;
  const items = new Int32Array(start[rows.length]!);
  const weights = new Float32Array(items.length);
  for (const [row, own] of rows.entries()) {
    items.set(own.items, start[row]);
    weights.set(own.weights, start[row]);
  }
  return { start, items, weights };
}
