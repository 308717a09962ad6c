import type { BoostedTreesSettings } from './settings.ts';

/** Rows to learn from. */
export interface TrainingTable {
  /** f32 row-major, shape (rowCount, featureCount); NaN is missing. */
  readonly features: Float32Array;
  readonly featureCount: number;
  /** f32, shape (rowCount): a number; 0 or 1; a class; how much a row is wanted, 0 to 31. */
  readonly labels: Float32Array;
  /** f32, shape (rowCount), 0 or above; all 1 when left out. */
  readonly weights?: Float32Array;
  /** Where each group of rows begins, i32, shape (groupCount + 1), from 0 to rowCount: rows that are ranked against each other. */
  readonly groups?: Int32Array;
}

interface Expected {
  readonly loss: BoostedTreesSettings['loss'];
  readonly classCount: number;
}

/** Largest label of a ranked row: 2^31 − 1 is as much gain as there is. */
const LABEL_MAX = 31;

/** @throws RangeError naming what does not fit, and where. */
export function checkTable(table: TrainingTable, { loss, classCount }: Expected): void {
  const { features, featureCount, labels, weights } = table;
  if (labels.length === 0 || featureCount === 0) throw new RangeError('Trees need at least one row of one feature.');
  if (features.length !== labels.length * featureCount) {
    throw new RangeError(
      `${labels.length} labels and ${featureCount} features make ${labels.length * featureCount} values, not ${features.length}.`,
    );
  }
  const infinite = features.findIndex((value) => value === Infinity || value === -Infinity);
  if (infinite >= 0) {
    const [row, feature] = [Math.floor(infinite / featureCount), infinite % featureCount];
    throw new RangeError(`Feature ${feature} of row ${row} is infinite; leave it out as NaN.`);
  }
  if (loss === 'multiclass' && !(classCount >= 2)) throw new RangeError(`classCount is 2 or more, not ${classCount}.`);
  const wrong = labels.findIndex((label) => !fits(label, loss, classCount));
  if (wrong >= 0) throw new RangeError(`Label ${labels[wrong]} of row ${wrong} does not fit the loss ${loss}.`);
  if (weights) checkWeights(weights, labels.length);
  if (loss === 'lambdamart') checkGroups(table.groups, labels.length);
}

export function labelMaxOf({ labels }: TrainingTable): number {
  return labels.reduce((most, label) => Math.max(most, label), 0);
}

function fits(label: number, loss: Expected['loss'], classCount: number): boolean {
  if (loss === 'squared') return Number.isFinite(label);
  if (loss === 'binary') return label === 0 || label === 1;
  const most = loss === 'multiclass' ? classCount - 1 : LABEL_MAX;
  return Number.isInteger(label) && label >= 0 && label <= most;
}

function checkWeights(weights: Float32Array, rowCount: number): void {
  if (weights.length !== rowCount) throw new RangeError(`${rowCount} rows have ${weights.length} weights.`);
  const wrong = weights.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (wrong >= 0) throw new RangeError(`Weight ${weights[wrong]} of row ${wrong} is not 0 or above.`);
}

function checkGroups(groups: Int32Array | undefined, rowCount: number): void {
  if (groups === undefined) throw new RangeError('The loss lambdamart needs groups.');
  if (groups[0] !== 0 || groups.at(-1) !== rowCount) {
    throw new RangeError(`Groups begin at 0 and end at ${rowCount}, not at ${groups[0]} and ${groups.at(-1)}.`);
  }
  const wrong = groups.findIndex((start, at) => at > 0 && start < groups[at - 1]!);
  if (wrong >= 0) throw new RangeError(`Group ${wrong} begins at ${groups[wrong]}, before the one before it.`);
}
