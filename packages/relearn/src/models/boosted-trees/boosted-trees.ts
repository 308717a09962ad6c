import type { Packed } from '../codec.ts';

/** Trees as columns: of each node, where its left child is (the right one follows) or itself at a leaf. */
export interface Nodes {
  /** 2 · feature + whether missing values go left; −1 at a leaf. */
  readonly features: Int32Array;
  /** Values up to this go left; a leaf's own value. */
  readonly thresholds: Float32Array;
  readonly lefts: Int32Array;
  /** First node of each tree, and where the last one ends. */
  readonly starts: Int32Array;
}

/** Sums what trees say of a row of features. */
export class BoostedTrees {
  readonly featureCount: number;
  readonly classCount: number;
  /** What the cuts of each feature lowered the training loss by, f64, shape (featureCount). */
  readonly importance: Float64Array;
  readonly #base: Float32Array;
  readonly #nodes: Nodes;

  constructor(base: Float32Array, nodes: Nodes, importance: Float64Array) {
    this.featureCount = importance.length;
    this.classCount = base.length;
    this.importance = importance;
    this.#base = base;
    this.#nodes = nodes;
  }

  get treeCount(): number {
    return this.#nodes.starts.length - 1;
  }

  /**
   * Log odds, means or ranks, as the loss has it. O(rows · trees · depth): about 3 ns a step.
   *
   * @param rows f32 row-major, shape (at least rowCount, featureCount); NaN is missing.
   * @param margins f32, shape (rowCount, classCount); overwritten.
   */
  predict(rows: Float32Array, rowCount: number, margins: Float32Array): void {
    const { classCount } = this;
    for (let at = 0; at < rowCount * classCount; at++) margins[at] = this.#base[at % classCount]!;
    for (let tree = 0; tree < this.treeCount; tree++) this.addTree(tree, rows, rowCount, margins);
  }

  /** Adds what one tree says to the margins of its class. */
  addTree(tree: number, rows: Float32Array, rowCount: number, margins: Float32Array): void {
    const { featureCount, classCount } = this;
    const { features, thresholds, lefts, starts } = this.#nodes;
    const start = starts[tree]!;
    const ofClass = tree % classCount;
    for (let row = 0; row < rowCount; row++) {
      const from = row * featureCount;
      let node = start;
      for (let feature = features[node]!; feature >= 0; feature = features[node]!) {
        const value = rows[from + (feature >> 1)]!;
        const goesLeft = Number.isNaN(value) ? (feature & 1) === 1 : value <= thresholds[node]!;
        node = lefts[node]! + (goesLeft ? 0 : 1);
      }
      margins[row * classCount + ofClass]! += thresholds[node]!;
    }
  }

  pack(): Packed {
    return { settings: {}, columns: { base: this.#base, importance: this.importance, ...this.#nodes } };
  }

  static unpack({ columns }: Packed): BoostedTrees {
    const { base, importance, features, thresholds, lefts, starts } = columns;
    const nodes = { features, thresholds, lefts, starts } as unknown as Nodes;
    return new BoostedTrees(base as Float32Array, nodes, importance as Float64Array);
  }
}
