import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';
import { Team, type ThreadPool } from './thread-pool.ts';

/** As in `assembly/tree-rows.ts` and `assembly/tree-histogram.ts`. */
const CHUNK = 16_384;
const BLOCK_FEATURES = 8;
const BLOCK_BYTES = 16_384;
const CUT_BYTES = 32;
const EDGES = 256;

/** Rows binned at a time. */
const STAGED_ROWS = 8_192;

/** Rows below which the caller works alone. */
const THREADED_FROM = 8_192;

/** Sums of whole gradients stay below 2³¹, each of them below 2¹⁵. */
const SUMS_MAX = 2 ** 31 - 1;
const LEVELS_MAX = 2 ** 15 - 1;

export interface TreeGrowerShape {
  readonly rowCount: number;
  readonly featureCount: number;
  readonly classCount: number;
  readonly leafCount: number;
  readonly groupCount: number;
  readonly labelMax: number;
}

/** How a tree is grown. */
export interface Growing {
  readonly l2: number;
  readonly leafRowsMin: number;
  readonly leafHessianMin: number;
  readonly learningRate: number;
  /** Features that may be cut, u8, shape (featureCount). */
  readonly mask: Uint8Array;
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

interface Leaf {
  readonly node: number;
  readonly first: number;
  readonly count: number;
  readonly slot: number;
  readonly sums: Sums;
  cut: Cut | undefined;
}

interface Sums {
  /** Steps. */
  readonly gradient: number;
  readonly hessian: number;
}

interface Cut {
  readonly feature: number;
  readonly gain: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly left: Sums;
}

/**
 * Rows of a table as bins, and trees grown on their gradients leaf by leaf, the best cut first. Gradients and hessians are rounded to whole numbers by chance, so
 * that sums are exact and the same bits whatever the threads. About `featureCount + 56` bytes a row, and 2 KiB a feature and leaf.
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
  readonly #blocks: number;
  readonly #at: ReturnType<typeof layOut>['at'];
  readonly #gradients: Float32Array;
  readonly #hessians: Float32Array;

  /** @throws RangeError when the table needs more than one memory holds. */
  constructor(shape: TreeGrowerShape, { weighted, pool }: { weighted: boolean; pool?: ThreadPool | undefined }) {
    const { rowCount, featureCount, classCount } = shape;
    this.shape = shape;
    this.#blocks = Math.ceil(featureCount / BLOCK_FEATURES);
    const { at, sizeBytes } = layOut(shape, weighted);
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
      this.#run('binTask', this.#blocks, rowCount, { integers });
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
    const steps = this.#quantise(growing);
    new Uint8Array(this.#memory.buffer, this.#at.mask, this.shape.featureCount).set(growing.mask);
    const reals = [steps.gradient, steps.hessian, growing.l2, growing.leafHessianMin, growing.leafRowsMin];
    const nodes: GrownNode[] = [emptyNode()];
    const leaves = [this.#root(growing.mask.indexOf(1), reals)];
    while (leaves.length < this.shape.leafCount) {
      const leaf = bestLeaf(leaves);
      if (leaf?.cut === undefined) break;
      const isLast = leaves.length + 1 === this.shape.leafCount;
      const children = this.#split(leaf, { node: nodes.length, slot: leaves.length, reals, isLast });
      const { feature, bin, missingLeft, gain } = leaf.cut;
      nodes[leaf.node] = { feature, bin, missingLeft, left: nodes.length, value: 0, gain };
      nodes.push(emptyNode(), emptyNode());
      leaves.splice(leaves.indexOf(leaf), 1, ...children);
    }
    const values = leaves.map(({ sums }) => leafValue(sums, steps, growing));
    for (const [at, { node }] of leaves.entries()) nodes[node]!.value = values[at]!;
    this.#addLeaves(leaves, values, ofClass);
    return nodes;
  }

  #quantise({ rowShare, roundingKey, drawingKey }: Growing): Sums {
    const { rowCount } = this.shape;
    const at = this.#at;
    const levels = Math.min(LEVELS_MAX, Math.floor(SUMS_MAX / rowCount) - 1);
    const steps = {
      gradient: Math.fround(levels / (largest(this.#gradients) || 1)),
      hessian: Math.fround(levels / (largest(this.#hessians) || 1)),
    };
    const share = rowShare >= 1 ? -1 : Math.floor(rowShare * 2 ** 32) | 0;
    const integers = [at.gradients, at.hessians, rowCount, at.rows, at.sums, roundingKey, drawingKey, share];
    const reals = [steps.gradient, steps.hessian];
    this.#run('quantiseTask', Math.ceil(rowCount / CHUNK), rowCount, { integers, reals });
    return { gradient: 1 / steps.gradient, hessian: 1 / steps.hessian };
  }

  /** @param feature any that may be cut: its bins sum up to all. */
  #root(feature: number, reals: readonly number[]): Leaf {
    const { rowCount } = this.shape;
    this.#histogram({ first: 0, count: rowCount, slot: 0 }, undefined, reals);
    const cuts = this.#at.cuts;
    return {
      node: 0,
      first: 0,
      count: rowCount,
      slot: 0,
      sums: this.#sumsAt(cuts + feature * CUT_BYTES + 16),
      cut: this.#bestCut(cuts),
    };
  }

  #split(
    leaf: Leaf,
    { node, slot, reals, isLast }: { node: number; slot: number; reals: readonly number[]; isLast: boolean },
  ): [Leaf, Leaf] {
    const cut = leaf.cut!;
    const leftCount = this.#part(leaf, cut);
    const right = {
      gradient: leaf.sums.gradient - cut.left.gradient,
      hessian: leaf.sums.hessian - cut.left.hessian,
    };
    const isLeftSmaller = leftCount * 2 <= leaf.count;
    const [leftSlot, rightSlot] = isLeftSmaller ? [slot, leaf.slot] : [leaf.slot, slot];
    const children: [Leaf, Leaf] = [
      { node, first: leaf.first, count: leftCount, slot: leftSlot, sums: cut.left, cut: undefined },
      {
        node: node + 1,
        first: leaf.first + leftCount,
        count: leaf.count - leftCount,
        slot: rightSlot,
        sums: right,
        cut: undefined,
      },
    ];
    if (isLast) return children;
    const [smaller, larger] = isLeftSmaller ? children : [children[1], children[0]];
    this.#histogram(smaller, larger, reals);
    smaller.cut = this.#bestCut(this.#at.cuts);
    larger.cut = this.#bestCut(this.#at.cuts + this.shape.featureCount * CUT_BYTES);
    return children;
  }

  /** Histograms and cuts of the smaller child and, where there is one, of the larger, whose slot holds their parent's. */
  #histogram(
    smaller: Pick<Leaf, 'first' | 'count' | 'slot'>,
    larger: Pick<Leaf, 'count' | 'slot'> | undefined,
    reals: readonly number[],
  ): void {
    const { rowCount, featureCount } = this.shape;
    const at = this.#at;
    const slotAt = (slot: number) => at.histograms + slot * this.#blocks * BLOCK_BYTES;
    const integers = [
      at.bins,
      rowCount,
      at.rows + smaller.first * 4,
      at.sums + smaller.first * 8,
      smaller.count,
      slotAt(smaller.slot),
      larger ? slotAt(larger.slot) : 0,
      at.cuts,
      at.cuts + featureCount * CUT_BYTES,
      at.mask,
      featureCount,
      larger?.count ?? 0,
    ];
    this.#run('histogramTask', this.#blocks, smaller.count, { integers, reals });
  }

  /** Brings the rows that go left before the others; how many. */
  #part({ first, count }: Leaf, { feature, bin, missingLeft }: Cut): number {
    const at = this.#at;
    const block = Math.floor(feature / BLOCK_FEATURES);
    const bins = at.bins + block * this.shape.rowCount * 8;
    const [rows, sums] = [at.rows + first * 4, at.sums + first * 8];
    const chunks = Math.ceil(count / CHUNK);
    const parted = [bins, feature % BLOCK_FEATURES, bin, Number(missingLeft), rows, sums, count];
    this.#run('partTask', chunks, count, { integers: [...parted, at.partedRows, at.partedSums, at.counts] });
    const [counts, lefts, rights] = [at.counts, at.lefts, at.rights].map((place) => this.#i32(place, chunks));
    const leftCount = counts!.reduce((sum, lefts) => sum + lefts, 0);
    let [left, right] = [0, leftCount];
    for (let chunk = 0; chunk < chunks; chunk++) {
      lefts![chunk] = left;
      rights![chunk] = right;
      left += counts![chunk]!;
      right += Math.min(CHUNK, count - chunk * CHUNK) - counts![chunk]!;
    }
    const integers = [at.partedRows, at.partedSums, rows, sums, count, at.counts, at.lefts, at.rights];
    this.#run('placeTask', chunks, count, { integers });
    return leftCount;
  }

  #addLeaves(leaves: readonly Leaf[], values: readonly number[], ofClass: number): void {
    const { rowCount, classCount } = this.shape;
    const at = this.#at;
    for (const [place, { first, count }] of leaves.entries()) {
      this.#i32(at.leaves + place * 16, 2).set([first, count]);
      this.#f32(at.leaves + place * 16 + 8, 1)[0] = values[place]!;
    }
    const integers = [at.leaves, at.rows, at.margins, classCount, ofClass];
    this.#run('addLeafTask', leaves.length, rowCount, { integers });
  }

  /** The best of all features' cuts; of equals the first feature's. Undefined where none lowers the loss. */
  #bestCut(cuts: number): Cut | undefined {
    const gains = new Float64Array(this.#memory.buffer, cuts, (this.shape.featureCount * CUT_BYTES) / 8);
    let best = -1;
    let most = 0;
    for (let feature = 0; feature < this.shape.featureCount; feature++) {
      const gain = gains[(feature * CUT_BYTES) / 8]!;
      if (gain <= most) continue;
      most = gain;
      best = feature;
    }
    if (best < 0) return undefined;
    const at = cuts + best * CUT_BYTES;
    const [bin, missingLeft] = this.#i32(at + 24, 2);
    return { feature: best, gain: most, bin: bin!, missingLeft: missingLeft === 1, left: this.#sumsAt(at + 8) };
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

/** Bytes that growing trees on so many rows and features takes. */
export function treeGrowerBytes(shape: TreeGrowerShape): number {
  return layOut(shape, true).sizeBytes;
}

function layOut(
  { rowCount, featureCount, classCount, leafCount, groupCount, labelMax }: TreeGrowerShape,
  weighted: boolean,
) {
  const layout = new Layout();
  const blocks = Math.ceil(featureCount / BLOCK_FEATURES);
  const chunks = Math.ceil(rowCount / CHUNK);
  const grouped = groupCount > 0;
  const at = {
    bins: layout.take(blocks * rowCount * 8),
    rows: layout.take(rowCount * 4),
    sums: layout.take(rowCount * 8),
    partedRows: layout.take(rowCount * 4),
    partedSums: layout.take(rowCount * 8),
    margins: layout.take(rowCount * classCount * 4),
    labels: layout.take(rowCount * 4),
    weights: layout.take(weighted ? rowCount * 4 : 0),
    gradients: layout.take(rowCount * 4),
    hessians: layout.take(rowCount * 4),
    counts: layout.take(chunks * 4),
    lefts: layout.take(chunks * 4),
    rights: layout.take(chunks * 4),
    leaves: layout.take(leafCount * 16),
    histograms: layout.take(leafCount * blocks * BLOCK_BYTES),
    cuts: layout.take(2 * featureCount * CUT_BYTES),
    mask: layout.take(featureCount),
    edges: layout.take(featureCount * EDGES * 4),
    staged: layout.take(Math.min(rowCount, STAGED_ROWS) * featureCount * 4),
    groups: layout.take(grouped ? (groupCount + 1) * 4 : 0),
    best: layout.take(groupCount * 4),
    order: layout.take(grouped ? rowCount * 8 : 0),
    room: layout.take(grouped ? rowCount * 16 + groupCount * 64 : 0),
    gains: layout.take(grouped ? (labelMax + 1) * 4 : 0),
    discounts: layout.take(grouped ? rowCount * 4 : 0),
  };
  return { at, sizeBytes: layout.sizeBytes };
}

function emptyNode(): GrownNode {
  return { feature: -1, bin: 0, missingLeft: false, left: -1, value: 0, gain: 0 };
}

function bestLeaf(leaves: readonly Leaf[]): Leaf | undefined {
  return leaves.reduce<Leaf | undefined>(
    (best, leaf) => ((leaf.cut?.gain ?? 0) > (best?.cut?.gain ?? 0) ? leaf : best),
    undefined,
  );
}

function leafValue({ gradient, hessian }: Sums, steps: Sums, { l2, learningRate }: Growing): number {
  const bent = hessian * steps.hessian + l2;
  return bent > 0 ? Math.fround((-learningRate * gradient * steps.gradient) / bent) : 0;
}

function largest(values: Float32Array): number {
  let most = 0;
  for (let at = 0; at < values.length; at++) {
    const size = Math.abs(values[at]!);
    if (size > most) most = size;
  }
  return most;
}
