import type { GrownNode } from '../../kernels/tree-grower.ts';
import { BoostedTrees } from './boosted-trees.ts';
import { EDGES } from './tree-edges.ts';

/** Trees as they are grown, and as columns. */
export class Forest {
  readonly #edges: Float32Array;
  readonly #importance: Float64Array;
  readonly #trees: GrownNode[][] = [];

  constructor(featureCount: number, edges: Float32Array) {
    this.#edges = edges;
    this.#importance = new Float64Array(featureCount);
  }

  add(tree: GrownNode[]): void {
    this.#trees.push(tree);
    for (const { feature, gain } of tree) if (feature >= 0) this.#importance[feature]! += gain;
  }

  finished(base: Float32Array, treeCount = this.#trees.length): BoostedTrees {
    const trees = this.#trees.slice(0, treeCount);
    const starts = new Int32Array(trees.length + 1);
    for (const [at, tree] of trees.entries()) starts[at + 1] = starts[at]! + tree.length;
    const nodeCount = starts.at(-1)!;
    const nodes = {
      features: new Int32Array(nodeCount),
      thresholds: new Float32Array(nodeCount),
      lefts: new Int32Array(nodeCount),
      starts,
    };
    for (const [tree, grown] of trees.entries()) {
      for (const [place, node] of grown.entries()) {
        const at = starts[tree]! + place;
        const isLeaf = node.feature < 0;
        nodes.features[at] = isLeaf ? -1 : 2 * node.feature + Number(node.missingLeft);
        nodes.thresholds[at] = isLeaf ? node.value : this.#edges[node.feature * EDGES + node.bin - 1]!;
        nodes.lefts[at] = isLeaf ? at : starts[tree]! + node.left;
      }
    }
    return new BoostedTrees(base, nodes, this.#importance);
  }
}
