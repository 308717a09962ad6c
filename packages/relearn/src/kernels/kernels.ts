/** The kernels, on one memory. Addresses are bytes; shapes and layouts stand beside each in `assembly/`. */
export interface Kernels {
  packColumns(source: number, stride: number, depth: number, count: number, packed: number): void;
  packRows(source: number, stride: number, depth: number, count: number, packed: number): void;
  setProduct(
    target: number,
    stride: number,
    a: number,
    b: number,
    depth: number,
    rowCount: number,
    columnCount: number,
    below: number,
  ): void;
  subtractProduct(
    target: number,
    stride: number,
    a: number,
    b: number,
    depth: number,
    rowCount: number,
    columnCount: number,
    below: number,
  ): void;
  addRows(matrix: number, stride: number, rows: number, weights: number, count: number, target: number): void;
  topK(scores: number, count: number, k: number, kept: number, best: number): void;
  scanItems(
    items: number,
    groupCount: number,
    groupsPerBlock: number,
    quads: number,
    query: number,
    offset: number,
    most: number,
    excluded: number,
    keep: number,
    scores: number,
    places: number,
  ): void;
  pivotPanelTask(task: number): void;
  triangleTask(task: number): void;
  mirrorTask(task: number): void;
  packPanelTask(task: number): void;
  productTask(task: number): void;
  reflectTask(task: number): void;
  accumulateTask(task: number): void;
  rotateTask(task: number): void;
  histogramTask(task: number): void;
  lambdaTask(task: number): void;
  logisticTask(task: number): void;
  softmaxTask(task: number): void;
  squaredTask(task: number): void;
  addLeafTask(task: number): void;
  binTask(task: number): void;
  gatherBinsTask(task: number): void;
  partTask(task: number): void;
  placeTask(task: number): void;
  quantiseTask(task: number): void;
  sparseProductTask(task: number): void;
  localRidgeRoomBytes(itemCount: number, neighbourCount: number): number;
  gramTask(task: number): void;
  likeItemsTask(task: number): void;
  localRidgeTask(task: number): void;
  nextItemRoomBytes(factorCount: number, batch: number, candidateCount: number, attendedMax: number): number;
  nextItemTask(task: number): void;
  drawRowsTask(task: number): void;
  gramPartTask(task: number): void;
  turnRowsTask(task: number): void;
  solveRowsTask(task: number): void;
}

/** Kernels that threads share out among them, task by task: see `Team.run`. */
export const taskKernels = [
  'pivotPanelTask',
  'triangleTask',
  'mirrorTask',
  'packPanelTask',
  'productTask',
  'reflectTask',
  'accumulateTask',
  'rotateTask',
  'histogramTask',
  'lambdaTask',
  'logisticTask',
  'softmaxTask',
  'squaredTask',
  'addLeafTask',
  'binTask',
  'gatherBinsTask',
  'partTask',
  'placeTask',
  'quantiseTask',
  'sparseProductTask',
  'gramTask',
  'likeItemsTask',
  'localRidgeTask',
  'nextItemTask',
  'drawRowsTask',
  'gramPartTask',
  'turnRowsTask',
  'solveRowsTask',
] as const satisfies readonly (keyof Kernels)[];

export type TaskKernel = (typeof taskKernels)[number];
