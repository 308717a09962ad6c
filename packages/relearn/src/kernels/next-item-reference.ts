/** What is learned, and what squared slopes sum up to so far. */
export interface NextItemState {
  /** Of each item. */
  readonly vectors: number[][];
  readonly vectorPasts: number[];
  readonly itemLogits: number[];
  readonly itemPasts: number[];
  readonly ageLogits: number[];
  readonly agePasts: number[];
}

export interface NextItemBatch {
  /** Items of each session and their ages. */
  readonly sessions: readonly (readonly { readonly item: number; readonly age: number }[])[];
  /** What came next in each session, then others. */
  readonly candidates: readonly number[];
  /** By how much the logit of each item is lowered. */
  readonly lowered: readonly number[];
}

export interface NextItemRates {
  readonly temperature: number;
  readonly vectors: number;
  readonly logits: number;
}

/** A step of `assembly/next-item.ts`, in f64 and word for word: one session after the other, by the slopes at what was known before the step. */
export function nextItemStepReference(state: NextItemState, batch: NextItemBatch, rates: NextItemRates): void {
  const { vectors, itemLogits, ageLogits } = state;
  const slopes: { item: number; slope: number[] }[] = [];
  const units = batch.candidates.map((item) => unit(vectors[item]!));
  const candidateSlopes = units.map((own) => own.map(() => 0));
  const logitSlopes: { item: number; slope: number }[] = [];
  const ageSlopes = ageLogits.map(() => 0);
  for (const [row, session] of batch.sessions.entries()) {
    const weights = softmax(session.map(({ item, age }) => itemLogits[item]! + ageLogits[age]!));
    const mean = vectors[0]!.map((_, k) => total(session.map(({ item }, at) => weights[at]! * vectors[item]![k]!)));
    const direction = unit(mean);
    const wanted = batch.candidates[row]!;
    const logits = batch.candidates.map((item, at) =>
      item === wanted && at !== row
        ? Number.NEGATIVE_INFINITY
        : dot(direction, units[at]!) / rates.temperature - batch.lowered[item]!,
    );
    const errors = softmax(logits).map((share, at) => (share - (at === row ? 1 : 0)) / rates.temperature);
    const along = direction.map((_, k) => total(errors.map((error, at) => error * units[at]![k]!)));
    for (const [at, error] of errors.entries()) {
      for (const [k, value] of direction.entries()) candidateSlopes[at]![k]! += error * value;
    }
    const slope = throughLength(along, mean);
    const sides = session.map(({ item }) => dot(slope, vectors[item]!));
    const middle = total(sides.map((side, at) => side * weights[at]!));
    for (const [at, { item, age }] of session.entries()) {
      slopes.push({ item, slope: slope.map((value) => value * weights[at]!) });
      const own = weights[at]! * (sides[at]! - middle);
      logitSlopes.push({ item, slope: own });
      ageSlopes[age]! += own / batch.sessions.length;
    }
  }
  const ofCandidates = batch.candidates.map((item, at) => ({
    item,
    slope: throughLength(candidateSlopes[at]!, vectors[item]!),
  }));
  for (const { item, slope } of [...ofCandidates, ...slopes]) {
    state.vectorPasts[item]! += dot(slope, slope) / slope.length;
    const rate = state.vectorPasts[item]! > 0 ? rates.vectors / Math.sqrt(state.vectorPasts[item]!) : 0;
    state.vectors[item] = vectors[item]!.map((value, k) => value - rate * slope[k]!);
  }
  for (const { item, slope } of logitSlopes) descend(itemLogits, state.itemPasts, item, slope * rates.logits, slope);
  for (const [age, slope] of ageSlopes.entries()) descend(ageLogits, state.agePasts, age, slope * rates.logits, slope);
}

function descend(values: number[], pasts: number[], at: number, step: number, slope: number): void {
  pasts[at]! += slope * slope;
  if (pasts[at]! > 0) values[at]! -= step / Math.sqrt(pasts[at]!);
}

/** The slope by a vector, given that by the vector brought to length 1. */
function throughLength(slope: readonly number[], vector: readonly number[]): number[] {
  const own = unit(vector);
  const along = dot(slope, own);
  return slope.map((value, k) => (value - along * own[k]!) / Math.hypot(...vector));
}

function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const shares = logits.map((logit) => Math.exp(logit - most));
  return shares.map((share) => share / total(shares));
}

function unit(vector: readonly number[]): number[] {
  return vector.map((value) => value / Math.hypot(...vector));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return total(a.map((value, k) => value * b[k]!));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
