import { Layout } from './load-kernels.ts';

/** As in `assembly/tree-rows.ts` and `assembly/tree-histogram.ts`. */
export const CHUNK = 16_384;
export const BLOCK_FEATURES = 8;
export const BLOCK_BYTES = 16_384;
export const CUT_BYTES = 32;
/** First row, how many, value. */
export const LEAF_BYTES = 16;
const EDGES = 256;

/** Rows binned at a time. */
export const STAGED_ROWS = 8_192;

export interface TreeGrowerShape {
  readonly rowCount: number;
  readonly featureCount: number;
  /** Features that each tree may cut. */
  readonly drawnCount: number;
  readonly classCount: number;
  readonly leafCount: number;
  readonly groupCount: number;
  readonly labelMax: number;
}

/** Bytes that growing trees on so many rows and features takes. */
export function treeGrowerBytes(shape: TreeGrowerShape): number {
  return layOutTrees(shape, true).sizeBytes;
}

/** Where all that a grower needs lies in its memory. */
export function layOutTrees(
  { rowCount, featureCount, drawnCount, classCount, leafCount, groupCount, labelMax }: TreeGrowerShape,
  weighted: boolean,
) {
  const layout = new Layout();
  const blocks = Math.ceil(featureCount / BLOCK_FEATURES);
  const drawnBlocks = Math.ceil(drawnCount / BLOCK_FEATURES);
  // Of the rows of a leaf that are drawn, and of the others.
  const chunks = Math.ceil(rowCount / CHUNK) + 1;
  const grouped = groupCount > 0;
  const at = {
    bins: layout.take(blocks * rowCount * 8),
    drawnBins: layout.take(drawnCount < featureCount ? drawnBlocks * rowCount * 8 : 0),
    drawn: layout.take(drawnCount * 4),
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
    leaves: layout.take(leafCount * 2 * LEAF_BYTES),
    histograms: layout.take(leafCount * drawnBlocks * BLOCK_BYTES),
    cuts: layout.take(2 * drawnCount * CUT_BYTES),
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
