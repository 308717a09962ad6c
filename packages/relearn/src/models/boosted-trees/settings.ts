export interface BoostedTreesSettings {
  /** `lambdamart` ranks the rows of each group; `binary` and `multiclass` give log odds; `squared` the mean. */
  readonly loss: 'squared' | 'binary' | 'multiclass' | 'lambdamart';
  /** Trees, for each class; 100. */
  readonly treeCount?: number;
  /** Leaves of a tree at most; 31. */
  readonly leafCount?: number;
  /** What a tree's values are multiplied with; 0.1. */
  readonly learningRate?: number;
  /** Share of the rows drawn for a tree, and of the features; 1. */
  readonly rowShare?: number;
  readonly columnShare?: number;
  /** Rows of a leaf at least, by their share of hessian; 20. */
  readonly leafRowsMin?: number;
  /** Hessian of a leaf at least; 0.001. */
  readonly leafHessianMin?: number;
  /** Added to a leaf's hessian; 0. */
  readonly l2?: number;
  /** Bins of a feature, 2 to 255; 255. */
  readonly binCount?: number;
  /** Classes of `multiclass`: labels are 0 to classCount − 1. */
  readonly classCount?: number;
  /** Places of a list that `lambdamart` looks at; 30. */
  readonly truncation?: number;
}
