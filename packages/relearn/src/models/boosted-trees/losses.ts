import { bestGains, discountsTo, gainsTo } from './discounted-gain.ts';
import type { BoostedTreesSettings } from './settings.ts';
import type { TrainingTable } from './training-table.ts';

interface Loss {
  readonly loss: BoostedTreesSettings['loss'];
  readonly classCount: number;
}

/** What is predicted before any tree, f32, shape (classCount): the mean, the log odds, each class's log share, or 0 for ranks. */
export function baseMargins({ labels, weights }: TrainingTable, { loss, classCount }: Loss): Float32Array {
  if (loss === 'lambdamart') return new Float32Array(1);
  const sums = new Float64Array(Math.max(2, classCount));
  let [total, mean] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const weight = weights?.[row] ?? 1;
    total += weight;
    mean += weight * labels[row]!;
    if (loss !== 'squared') sums[labels[row]!]! += weight;
  }
  if (loss === 'squared') return Float32Array.of(total > 0 ? mean / total : 0);
  if (loss === 'binary') return Float32Array.of(Math.log(atLeast(sums[1]!, total) / atLeast(sums[0]!, total)));
  return Float32Array.from(sums, (sum) => Math.log(atLeast(sum, total) / total));
}

/** A class that nobody has is not impossible. */
function atLeast(sum: number, total: number): number {
  return Math.max(sum, 1e-6 * total, Number.MIN_VALUE);
}

/** Mean loss of margins over a table's rows; for ranks 1 − NDCG over its groups. */
export function validationLoss(table: TrainingTable, margins: Float32Array, { loss, classCount }: Loss): number {
  if (loss === 'lambdamart') return 1 - meanNdcg(table, margins);
  const { labels, weights } = table;
  let [sum, total] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const weight = weights?.[row] ?? 1;
    const own = margins.subarray(row * classCount, (row + 1) * classCount);
    sum += weight * rowLoss(own, labels[row]!, loss);
    total += weight;
  }
  return total > 0 ? sum / total : 0;
}

function rowLoss(margins: Float32Array, label: number, loss: Loss['loss']): number {
  if (loss === 'squared') return (margins[0]! - label) ** 2;
  if (loss === 'binary') return Math.log1p(Math.exp(label === 1 ? -margins[0]! : margins[0]!));
  const most = margins.reduce((a, b) => Math.max(a, b));
  return most + Math.log(margins.reduce((sum, margin) => sum + Math.exp(margin - most), 0)) - margins[label]!;
}

const NDCG_AT = 30;

function meanNdcg(table: TrainingTable, margins: Float32Array): number {
  const { labels, groups } = table;
  const gains = gainsTo(labels.reduce((a, b) => Math.max(a, b), 0));
  const discounts = discountsTo(NDCG_AT);
  const best = bestGains(table, { gains, discounts, truncation: NDCG_AT });
  let [sum, count] = [0, 0];
  for (let group = 0; group < best.length; group++) {
    if (best[group] === 0) continue;
    const [from, to] = [groups![group]!, groups![group + 1]!];
    const order = Int32Array.from({ length: to - from }, (_, at) => from + at).sort(
      (a, b) => margins[b]! - margins[a]!,
    );
    const gain = order.subarray(0, NDCG_AT).reduce((dcg, row, at) => dcg + gains[labels[row]!]! * discounts[at]!, 0);
    sum += gain / best[group]!;
    count++;
  }
  return count > 0 ? sum / count : 1;
}
