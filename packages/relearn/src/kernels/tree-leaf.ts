/** Of the list of all rows. */
export interface Range {
  readonly first: number;
  readonly count: number;
}

export interface LeafRows {
  readonly drawn: Range;
  /** They weigh nothing, but get the leaf's value. */
  readonly others: Range;
}

export interface Leaf extends LeafRows {
  readonly node: number;
  readonly slot: number;
  readonly sums: Sums;
  cut: Cut | undefined;
}

export interface Sums {
  /** Steps. */
  readonly gradient: number;
  readonly hessian: number;
}

export interface Cut {
  /** Its place among the drawn. */
  readonly place: number;
  readonly gain: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly left: Sums;
}

/** Those that go left, and those that go right. */
export type PartedRows = Readonly<Record<keyof LeafRows, [Range, Range]>>;

/** The one whose cut lowers the loss most; of equals the first. */
export function bestLeaf(leaves: readonly Leaf[]): Leaf | undefined {
  return leaves.reduce<Leaf | undefined>(
    (best, leaf) => ((leaf.cut?.gain ?? 0) > (best?.cut?.gain ?? 0) ? leaf : best),
    undefined,
  );
}

/** What is added to the margins of a leaf's rows. */
export function leafValue(
  { gradient, hessian }: Sums,
  steps: Sums,
  { l2, learningRate }: { readonly l2: number; readonly learningRate: number },
): number {
  const bent = hessian * steps.hessian + l2;
  return bent > 0 ? Math.fround((-learningRate * gradient * steps.gradient) / bent) : 0;
}
