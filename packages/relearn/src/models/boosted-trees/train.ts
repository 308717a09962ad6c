import type { ThreadPool } from '../../kernels/thread-pool.ts';
import { type GrownNode, TreeGrower } from '../../kernels/tree-grower.ts';
import { treeGrowerBytes } from '../../kernels/tree-layout.ts';
import { seededRandom } from '../../statistics/seeded-random.ts';
import type { BoostedTrees } from './boosted-trees.ts';
import { bestGains, discountsTo, gainsTo } from './discounted-gain.ts';
import { Forest } from './forest.ts';
import { baseMargins, validationLoss } from './losses.ts';
import type { BoostedTreesSettings } from './settings.ts';
import { checkTable, labelMaxOf, type TrainingTable } from './training-table.ts';
import { BINS_MAX, binEdges } from './tree-edges.ts';

export interface BoostedTreesContext {
  readonly seed: number;
  readonly pool?: ThreadPool | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told the share of trees that are grown. */
  progress?(this: void, share: number): void;
  /** Training ends when so many trees have not lowered the loss on this table; the trees up to the best are kept. */
  readonly validation?: { readonly table: TrainingTable; readonly patience: number };
}

/**
 * Gradient boosting on histograms, each tree grown leaf by leaf. The same seed and table give the same trees whatever the threads. O(trees · rows · features · log leaves)
 * time, about `featureCount · (1 + columnShare) + 80` bytes a row beside the table. Source: Friedman 2001; Ke et al. 2017 (LightGBM); Burges 2010 (LambdaMART).
 *
 * @throws RangeError when the table is empty or at odds with itself, a value is infinite, a label does not fit the loss, or the table needs more than one memory.
 */
export function trainBoostedTrees(
  table: TrainingTable,
  settings: BoostedTreesSettings,
  context: BoostedTreesContext,
): BoostedTrees {
  const { loss, treeCount = 100, leafCount = 31, binCount = BINS_MAX } = settings;
  const classCount = loss === 'multiclass' ? (settings.classCount ?? 0) : 1;
  checkTable(table, { loss, classCount });
  const { featureCount, labels } = table;
  const edges = binEdges(table.features, { rowCount: labels.length, featureCount, binCount, seed: context.seed });
  const forest = new Forest(featureCount, edges);
  const base = baseMargins(table, { loss, classCount });
  const grower = filledGrower(table, { settings, classCount, leafCount, pool: context.pool });
  const validation = context.validation && watch(context.validation, { settings, classCount, base });
  try {
    grower.bin(table.features, edges);
    for (let at = 0; at < grower.margins.length; at++) grower.margins[at] = base[at % classCount]!;
    for (let round = 0; round < treeCount; round++) {
      context.signal?.throwIfAborted();
      growRound(grower, forest, { settings, classCount, round, seed: context.seed });
      context.progress?.((round + 1) / treeCount);
      if (validation?.isOver(forest.finished(base), round)) break;
    }
  } finally {
    grower.close();
  }
  return forest.finished(base, validation && (validation.bestRound + 1) * classCount);
}

/** Bytes that training takes beside the table. */
export function boostedTreesBytes(
  rowCount: number,
  featureCount: number,
  { leafCount = 31, classCount = 1, columnShare = 1, loss }: BoostedTreesSettings,
): number {
  const groupCount = loss === 'lambdamart' ? rowCount : 0;
  const drawnCount = drawnCountOf(featureCount, columnShare);
  return treeGrowerBytes({ rowCount, featureCount, drawnCount, classCount, leafCount, groupCount, labelMax: 31 });
}

interface Filling {
  readonly settings: BoostedTreesSettings;
  readonly classCount: number;
  readonly leafCount: number;
  readonly pool: ThreadPool | undefined;
}

function filledGrower(table: TrainingTable, { settings, classCount, leafCount, pool }: Filling): TreeGrower {
  const { featureCount, labels, weights, groups } = table;
  const isRanking = settings.loss === 'lambdamart';
  const labelMax = isRanking ? labelMaxOf(table) : 0;
  const groupCount = isRanking ? groups!.length - 1 : 0;
  const drawnCount = drawnCountOf(featureCount, settings.columnShare ?? 1);
  const shape = { rowCount: labels.length, featureCount, drawnCount, classCount, leafCount, groupCount, labelMax };
  const grower = new TreeGrower(shape, { weighted: weights !== undefined, pool });
  grower.labels.set(labels);
  if (weights) grower.weights!.set(weights);
  if (isRanking) {
    const gains = gainsTo(labelMax);
    const discounts = discountsTo(labels.length);
    const best = bestGains(table, { gains, discounts, truncation: settings.truncation ?? TRUNCATION });
    grower.setGroups(groups!, best, { gains, discounts });
  }
  return grower;
}

const TRUNCATION = 30;

interface Round {
  readonly settings: BoostedTreesSettings;
  readonly classCount: number;
  readonly round: number;
  readonly seed: number;
}

/** One tree for each class. */
function growRound(grower: TreeGrower, forest: Forest, { settings, classCount, round, seed }: Round): void {
  const { loss, learningRate = 0.1, rowShare = 1 } = settings;
  const { featureCount, drawnCount } = grower.shape;
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ round);
  const drawingKey = Math.floor(random() * 2 ** 32) | 0;
  const grown: GrownNode[][] = [];
  // All classes' gradients are of the margins before the round: softmax needs them unchanged, so trees are added to a copy of them.
  const before = classCount > 1 ? grower.margins.slice() : undefined;
  const after = classCount > 1 ? grower.margins.slice() : undefined;
  for (let ofClass = 0; ofClass < classCount; ofClass++) {
    if (before) grower.margins.set(before);
    if (loss === 'lambdamart') grower.computeLambdas(settings.truncation ?? TRUNCATION);
    else grower.computeGradients(loss, ofClass);
    const growing = {
      l2: settings.l2 ?? 0,
      leafRowsMin: settings.leafRowsMin ?? 20,
      leafHessianMin: settings.leafHessianMin ?? 1e-3,
      learningRate,
      drawn: drawnFeatures(featureCount, drawnCount, random),
      rowShare,
      roundingKey: Math.floor(random() * 2 ** 32) | 0,
      drawingKey,
    };
    grown.push(grower.grow(growing, ofClass));
    if (after) for (let at = ofClass; at < after.length; at += classCount) after[at] = grower.margins[at]!;
  }
  if (after) grower.margins.set(after);
  for (const nodes of grown) forest.add(nodes);
}

/** At least one feature. */
function drawnCountOf(featureCount: number, share: number): number {
  return Math.max(1, Math.round(share * featureCount));
}

/** So many of the features, ascending. */
function drawnFeatures(featureCount: number, count: number, random: () => number): number[] {
  const drawn: number[] = [];
  for (let seen = 0; drawn.length < count; seen++) {
    if (random() * (featureCount - seen) < count - drawn.length) drawn.push(seen);
  }
  return drawn;
}

interface Watching {
  readonly settings: BoostedTreesSettings;
  readonly classCount: number;
  readonly base: Float32Array;
}

/** Follows the loss on rows that are not learned from. */
function watch(
  { table, patience }: { readonly table: TrainingTable; readonly patience: number },
  { settings, classCount, base }: Watching,
) {
  checkTable(table, { loss: settings.loss, classCount });
  const rowCount = table.labels.length;
  const margins = Float32Array.from({ length: rowCount * classCount }, (_, at) => base[at % classCount]!);
  let least = Number.POSITIVE_INFINITY;
  const watched = {
    bestRound: 0,
    isOver(trees: BoostedTrees, round: number): boolean {
      for (let tree = round * classCount; tree < trees.treeCount; tree++) {
        trees.addTree(tree, table.features, rowCount, margins);
      }
      const loss = validationLoss(table, margins, { loss: settings.loss, classCount });
      if (loss < least) {
        least = loss;
        watched.bestRound = round;
      }
      return round - watched.bestRound >= patience;
    },
  };
  return watched;
}
