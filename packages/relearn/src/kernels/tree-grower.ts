import { instantiateKernels, takeMemory } from './load-kernels.ts';
import { Team, type ThreadPool } from './thread-pool.ts';
import {
  BLOCK_BYTES,
  BLOCK_FEATURES,
  CHUNK,
  CUT_BYTES,
  LEAF_BYTES,
  layOutTrees,
  STAGED_ROWS,
  type TreeGrowerShape,
} from './tree-layout.ts';
import {
  bestLeaf,
  type Cut,
  type Leaf,
  type LeafRows,
  leafValue,
  type PartedRows,
  type Range,
  type Sums,
} from './tree-leaf.ts';

/** Rows below which the caller works alone. */
const THREADED_FROM = 8_192;

/** Sums of whole gradients stay below 2³¹, each of them below 2¹⁵. */
const SUMS_MAX = 2 ** 31 - 1;
const LEVELS_MAX = 2 ** 15 - 1;

/** How a tree is grown. */
export interface Growing {
  readonly l2: number;
  readonly leafRowsMin: number;
  readonly leafHessianMin: number;
  readonly learningRate: number;
  /** Features that may be cut, ascending. */
  readonly drawn: readonly number[];
  /** Share of the rows drawn, and what chance goes by. */
  readonly rowShare: number;
  readonly roundingKey: number;
  readonly drawingKey: number;
}

/** A node of a grown tree: a leaf where `feature` is −1. */
export interface GrownNode {
  feature: number;
  /** Rows up to this bin go left. */
  bin: number;
  missingLeft: boolean;
  /** Of the left child; the right one follows it. */
  left: number;
  value: number;
  gain: number;
}

/** What all leaves of a tree are cut by. */
interface Cutting {
  /** Of the drawn features. */
  readonly bins: number;
  readonly drawnCount: number;
  /** As `assembly/tree-histogram.ts` takes them. */
  readonly reals: readonly number[];
}

/**
 * Rows of a table as bins, and trees grown on their gradients leaf by leaf, the best cut first. Gradients and hessians are rounded to whole numbers by chance, so
 * that sums are exact and the same bits whatever the threads. Of features and rows that are not drawn for a tree nothing is summed. About
 * `featureCount + drawnCount + 56` bytes a row, and 2 KiB a drawn feature and leaf.
 *
 * Source: Ke et al. 2017 (LightGBM), Shi et al. 2022 (quantised training).
 */
export class TreeGrower {
  readonly shape: TreeGrowerShape;
  /** f32, shapes (rowCount, classCount), (rowCount), (rowCount); labels and weights are the caller's to fill. */
  readonly margins: Float32Array;
  readonly labels: Float32Array;
  readonly weights: Float32Array | undefined;
  readonly #memory: WebAssembly.Memory;
  readonly #team: Team;
  readonly #at: ReturnType<typeof layOutTrees>['at'];
  readonly #gradients: Float32Array;
  readonly #hessians: Float32Array;

  /** @throws RangeError when the table needs more than one memory holds. */
  constructor(shape: TreeGrowerShape, { weighted, pool }: { weighted: boolean; pool?: ThreadPool | undefined }) {
    const { rowCount, featureCount, classCount } = shape;
    this.shape = shape;
    const { at, sizeBytes } = layOutTrees(shape, weighted);
    this.#at = at;
    this.#memory = takeMemory(sizeBytes, `Boosted trees on ${rowCount} rows of ${featureCount} features`);
    const kernels = instantiateKernels(this.#memory);
    const threaded = pool !== undefined && rowCount >= THREADED_FROM;
    this.#team = threaded ? pool.join(this.#memory, kernels) : new Team(this.#memory, kernels);
    this.margins = this.#f32(at.margins, rowCount * classCount);
    this.labels = this.#f32(at.labels, rowCount);
    this.weights = weighted ? this.#f32(at.weights, rowCount) : undefined;
    this.#gradients = this.#f32(at.gradients, rowCount);
    this.#hessians = this.#f32(at.hessians, rowCount);
  }

  close(): void {
    this.#team.dismiss();
  }

  /** Keeps the bins of all rows. @param edges f32, shape (featureCount, 256). */
  bin(features: Float32Array, edges: Float32Array): void {
    const { rowCount, featureCount } = this.shape;
    const at = this.#at;
    this.#f32(at.edges, edges.length).set(edges);
    for (let first = 0; first < rowCount; first += STAGED_ROWS) {
      const count = Math.min(STAGED_ROWS, rowCount - first);
      const staged = features.subarray(first * featureCount, (first + count) * featureCount);
      this.#f32(at.staged, staged.length).set(staged);
      const integers = [at.bins, rowCount, at.staged, first, count, featureCount, at.edges];
      this.#run('binTask', Math.ceil(featureCount / BLOCK_FEATURES), rowCount, { integers });
    }
  }

  /** Computes gradients and hessians from the margins. */
  computeGradients(loss: 'squared' | 'binary' | 'multiclass', ofClass = 0): void {
    const { rowCount, classCount } = this.shape;
    const at = this.#at;
    const kernel = { squared: 'squaredTask', binary: 'logisticTask', multiclass: 'softmaxTask' } as const;
    const weights = this.weights ? at.weights : 0;
    const integers = [at.margins, at.labels, weights, at.gradients, at.hessians, rowCount, classCount, ofClass];
    this.#run(kernel[loss], Math.ceil(rowCount / CHUNK), rowCount, { integers });
  }

  /** What LambdaMART needs to know of the groups. @param best f32: DCG of each group's best order, cut at the truncation. */
  setGroups(
    groups: Int32Array,
    best: Float32Array,
    { gains, discounts }: { gains: Float32Array; discounts: Float32Array },
  ): void {
    const at = this.#at;
    new Int32Array(this.#memory.buffer, at.groups, groups.length).set(groups);
    this.#f32(at.best, best.length).set(best);
    this.#f32(at.gains, gains.length).set(gains);
    this.#f32(at.discounts, discounts.length).set(discounts);
  }

  computeLambdas(truncation: number): void {
    const { rowCount, groupCount } = this.shape;
    const { margins, labels, weights, gradients, hessians, groups, order, gains, discounts, best, room } = this.#at;
    const weighted = this.weights ? weights : 0;
    const integers = [
      margins,
      labels,
      weighted,
      gradients,
      hessians,
      groups,
      truncation,
      order,
      gains,
      discounts,
      best,
      room,
    ];
    this.#run('lambdaTask', groupCount, rowCount, { integers });
  }

  /** Grows a tree on the gradients and adds its values to the margins of a class. The root is the first node. */
  grow(growing: Growing, ofClass = 0): GrownNode[] {
    const { drawn } = growing;
    const { rows, steps } = this.#drawRows(growing);
    const bins = this.#drawFeatures(drawn);
    const reals = [steps.gradient, steps.hessian, growing.l2, growing.leafHessianMin, growing.leafRowsMin];
    const cutting = { bins, drawnCount: drawn.length, reals };
    const nodes: GrownNode[] = [emptyNode()];
    const leaves = [this.#root(rows, cutting)];
    while (leaves.length < this.shape.leafCount) {
      const leaf = bestLeaf(leaves);
      if (leaf?.cut === undefined) break;
      const isLast = leaves.length + 1 === this.shape.leafCount;
      const children = this.#split(leaf, { node: nodes.length, slot: leaves.length, isLast }, cutting);
      const { place, bin, missingLeft, gain } = leaf.cut;
      nodes[leaf.node] = { feature: drawn[place]!, bin, missingLeft, left: nodes.length, value: 0, gain };
      nodes.push(emptyNode(), emptyNode());
      leaves.splice(leaves.indexOf(leaf), 1, ...children);
    }
    const values = leaves.map(({ sums }) => leafValue(sums, steps, growing));
    for (const [at, { node }] of leaves.entries()) nodes[node]!.value = values[at]!;
    this.#addLeaves(leaves, values, ofClass);
    return nodes;
  }

  /** Writes what each row weighs, the drawn ones first. */
  #drawRows({ rowShare, roundingKey, drawingKey }: Growing): { rows: LeafRows; steps: Sums } {
    const { rowCount } = this.shape;
    const at = this.#at;
    const levels = Math.min(LEVELS_MAX, Math.floor(SUMS_MAX / rowCount) - 1);
    const steps = {
      gradient: Math.fround(levels / (largest(this.#gradients) || 1)),
      hessian: Math.fround(levels / (largest(this.#hessians) || 1)),
    };
    const isAll = rowShare >= 1;
    const share = isAll ? -1 : Math.floor(rowShare * 2 ** 32) | 0;
    const [rows, sums] = isAll ? [at.rows, at.sums] : [at.partedRows, at.partedSums];
    const integers = [at.gradients, at.hessians, rowCount, rows, sums, roundingKey, drawingKey, share, at.counts];
    const reals = [steps.gradient, steps.hessian];
    this.#run('quantiseTask', Math.ceil(rowCount / CHUNK), rowCount, { integers, reals });
    const all = { first: 0, count: rowCount };
    const none = { first: rowCount, count: 0 };
    const [drawn, others] = isAll ? [all, none] : this.#place(all, none).drawn;
    return { rows: { drawn, others }, steps: { gradient: 1 / steps.gradient, hessian: 1 / steps.hessian } };
  }

  /** Where the bins of the drawn features lie, in blocks of their own unless all are drawn. */
  #drawFeatures(drawn: readonly number[]): number {
    const { rowCount, featureCount } = this.shape;
    const at = this.#at;
    if (drawn.length === featureCount) return at.bins;
    this.#i32(at.drawn, drawn.length).set(drawn);
    const chunks = Math.ceil(rowCount / CHUNK);
    const integers = [at.bins, rowCount, at.drawn, drawn.length, at.drawnBins, chunks];
    this.#run('gatherBinsTask', Math.ceil(drawn.length / BLOCK_FEATURES) * chunks, rowCount, { integers });
    return at.drawnBins;
  }

  #root(rows: LeafRows, cutting: Cutting): Leaf {
    this.#histogram({ ...rows, slot: 0 }, undefined, cutting);
    const { cuts } = this.#at;
    // The bins of any feature sum up to all.
    return { node: 0, ...rows, slot: 0, sums: this.#sumsAt(cuts + 16), cut: this.#bestCut(cuts, cutting) };
  }

  #split(
    leaf: Leaf,
    { node, slot, isLast }: { node: number; slot: number; isLast: boolean },
    cutting: Cutting,
  ): [Leaf, Leaf] {
    const cut = leaf.cut!;
    const { drawn, others } = this.#part(leaf, cut, cutting);
    const right = {
      gradient: leaf.sums.gradient - cut.left.gradient,
      hessian: leaf.sums.hessian - cut.left.hessian,
    };
    const isLeftSmaller = drawn[0].count <= drawn[1].count;
    const [leftSlot, rightSlot] = isLeftSmaller ? [slot, leaf.slot] : [leaf.slot, slot];
    const children: [Leaf, Leaf] = [
      { node, drawn: drawn[0], others: others[0], slot: leftSlot, sums: cut.left, cut: undefined },
      { node: node + 1, drawn: drawn[1], others: others[1], slot: rightSlot, sums: right, cut: undefined },
    ];
    if (isLast) return children;
    const [smaller, larger] = isLeftSmaller ? children : [children[1], children[0]];
    this.#histogram(smaller, larger, cutting);
    smaller.cut = this.#bestCut(this.#at.cuts, cutting);
    larger.cut = this.#bestCut(this.#at.cuts + cutting.drawnCount * CUT_BYTES, cutting);
    return children;
  }

  /** Histograms and cuts of the smaller child and, where there is one, of the larger, whose slot holds their parent's. */
  #histogram(
    smaller: LeafRows & Pick<Leaf, 'slot'>,
    larger: (LeafRows & Pick<Leaf, 'slot'>) | undefined,
    { bins, drawnCount, reals }: Cutting,
  ): void {
    const at = this.#at;
    const blocks = Math.ceil(drawnCount / BLOCK_FEATURES);
    const slotAt = (slot: number) => at.histograms + slot * blocks * BLOCK_BYTES;
    const { first, count } = smaller.drawn;
    const integers = [
      bins,
      this.shape.rowCount,
      at.rows + first * 4,
      at.sums + first * 8,
      count,
      slotAt(smaller.slot),
      larger ? slotAt(larger.slot) : 0,
      at.cuts,
      at.cuts + drawnCount * CUT_BYTES,
      drawnCount,
      count + smaller.others.count,
      larger ? larger.drawn.count + larger.others.count : 0,
    ];
    this.#run('histogramTask', blocks, count, { integers, reals });
  }

  /** Brings the rows that go left before those that go right, among the drawn and among the others. */
  #part({ drawn, others }: Leaf, { place, bin, missingLeft }: Cut, { bins }: Cutting): PartedRows {
    const at = this.#at;
    const blockBins = bins + Math.floor(place / BLOCK_FEATURES) * this.shape.rowCount * 8;
    const cut = [blockBins, place % BLOCK_FEATURES, bin, Number(missingLeft)];
    const places = [at.rows, at.sums, at.partedRows, at.partedSums, at.counts];
    const integers = [...cut, ...places, drawn.first, drawn.count, others.first, others.count];
    const chunks = Math.ceil(drawn.count / CHUNK) + Math.ceil(others.count / CHUNK);
    this.#run('partTask', chunks, drawn.count + others.count, { integers });
    return this.#place(drawn, others);
  }

  /** Brings the parted rows of all chunks to their places: those that each chunk begins with before those that it ends with. */
  #place(drawn: Range, others: Range): PartedRows {
    const at = this.#at;
    const drawnChunks = Math.ceil(drawn.count / CHUNK);
    const chunks = drawnChunks + Math.ceil(others.count / CHUNK);
    const [counts, lefts, rights] = [at.counts, at.lefts, at.rights].map((place) => this.#i32(place, chunks));
    const parted = [drawn, others].map(({ first, count }, of): [Range, Range] => {
      const [from, end] = of === 0 ? [0, drawnChunks] : [drawnChunks, chunks];
      const leftCount = counts!.subarray(from, end).reduce((sum, lefts) => sum + lefts, 0);
      let [left, right] = [first, first + leftCount];
      for (let chunk = from; chunk < end; chunk++) {
        lefts![chunk] = left;
        rights![chunk] = right;
        left += counts![chunk]!;
        right += Math.min(CHUNK, count - (chunk - from) * CHUNK) - counts![chunk]!;
      }
      return [
        { first, count: leftCount },
        { first: first + leftCount, count: count - leftCount },
      ];
    });
    const places = [at.partedRows, at.partedSums, at.rows, at.sums, at.counts, at.lefts, at.rights];
    const integers = [...places, drawn.first, drawn.count, others.first, others.count];
    this.#run('placeTask', chunks, drawn.count + others.count, { integers });
    return { drawn: parted[0]!, others: parted[1]! };
  }

  #addLeaves(leaves: readonly Leaf[], values: readonly number[], ofClass: number): void {
    const { rowCount, classCount } = this.shape;
    const at = this.#at;
    const ranges = leaves.flatMap(({ drawn, others }, place) => [
      { ...drawn, value: values[place]! },
      { ...others, value: values[place]! },
    ]);
    for (const [place, { first, count, value }] of ranges.entries()) {
      this.#i32(at.leaves + place * LEAF_BYTES, 2).set([first, count]);
      this.#f32(at.leaves + place * LEAF_BYTES + 8, 1)[0] = value;
    }
    const integers = [at.leaves, at.rows, at.margins, classCount, ofClass];
    this.#run('addLeafTask', ranges.length, rowCount, { integers });
  }

  /** The best of all features' cuts; of equals the first feature's. Undefined where none lowers the loss. */
  #bestCut(cuts: number, { drawnCount }: Cutting): Cut | undefined {
    const gains = new Float64Array(this.#memory.buffer, cuts, (drawnCount * CUT_BYTES) / 8);
    let best = -1;
    let most = 0;
    for (let place = 0; place < drawnCount; place++) {
      const gain = gains[(place * CUT_BYTES) / 8]!;
      if (gain <= most) continue;
      most = gain;
      best = place;
    }
    if (best < 0) return undefined;
    const at = cuts + best * CUT_BYTES;
    const [bin, missingLeft] = this.#i32(at + 24, 2);
    return { place: best, gain: most, bin: bin!, missingLeft: missingLeft === 1, left: this.#sumsAt(at + 8) };
  }

  #sumsAt(at: number): Sums {
    const [hessian, gradient] = this.#i32(at, 2);
    return { gradient: gradient!, hessian: hessian! >>> 0 };
  }

  #run(kernel: Parameters<Team['run']>[0], tasks: number, rows: number, numbers: Parameters<Team['run']>[2]): void {
    if (rows < THREADED_FROM) this.#team.runAlone(kernel, tasks, numbers);
    else this.#team.run(kernel, tasks, numbers);
  }

  #f32(at: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, at, length);
  }

  #i32(at: number, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, at, length);
  }
}

function emptyNode(): GrownNode {
  return { feature: -1, bin: 0, missingLeft: false, left: -1, value: 0, gain: 0 };
}

function largest(values: Float32Array): number {
  let most = 0;
  for (let at = 0; at < values.length; at++) {
    const size = Math.abs(values[at]!);
    if (size > most) most = size;
  }
  return most;
}
