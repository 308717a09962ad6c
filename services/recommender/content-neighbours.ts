import type { ProductShelf, ShelfProduct } from './product-shelf.ts';

/**
 * Neighbours by what products say of themselves (categories, tags, words of the title), for items that nobody has touched yet. A word weighs
 * ln(products / products with it); similarity is the cosine. Built anew when the shelf changes, O(words).
 */
export class ContentNeighbours {
  readonly #shelf: ProductShelf;
  #revision = -1;
  #postings = new Map<string, Int32Array>();
  #norms = new Float32Array();
  readonly #nearest = new Map<number, Nearest>();

  constructor(shelf: ProductShelf) {
    this.#shelf = shelf;
  }

  /**
   * Adds `weight` times the similarity to `item` to each item's score.
   *
   * @param scores f32, shape (items known); its own place stays as it is.
   */
  addSimilar(item: number, weight: number, scores: Float32Array): void {
    this.#refresh();
    const product = this.#shelf.productOf(item);
    if (!product) return;
    for (const word of wordsOf(product)) {
      const posting = this.#postings.get(word);
      if (!posting) continue;
      const idf = this.#idf(posting);
      for (const other of posting) {
        if (other === item || other >= scores.length) continue;
        scores[other]! += (weight * idf * idf) / (this.#norms[other]! * this.#norms[item]!);
      }
    }
  }

  /** The items most similar to one, the most similar first; remembered until the shelf changes. */
  nearest(item: number, itemCount: number): Nearest {
    this.#refresh();
    const known = this.#nearest.get(item);
    if (known !== undefined) return known;
    const scores = new Float32Array(itemCount);
    this.addSimilar(item, 1, scores);
    const items = Int32Array.from(this.#shelf.numbers())
      .filter((other) => scores[other]! > 0)
      .sort((a, b) => scores[b]! - scores[a]!)
      .slice(0, NEAREST_MAX);
    const nearest = { items, scores: Float32Array.from(items, (other) => scores[other]!) };
    if (this.#nearest.size >= REMEMBERED_MAX) this.#nearest.delete(this.#nearest.keys().next().value!);
    this.#nearest.set(item, nearest);
    return nearest;
  }

  #idf(posting: Int32Array): number {
    return Math.log1p(this.#norms.length / posting.length);
  }

  #refresh(): void {
    if (this.#revision === this.#shelf.revision) return;
    this.#revision = this.#shelf.revision;
    this.#nearest.clear();
    const items = [...this.#shelf.numbers()];
    const lists = new Map<string, number[]>();
    for (const item of items) {
      for (const word of wordsOf(this.#shelf.productOf(item)!)) {
        const list = lists.get(word);
        if (list) list.push(item);
        else lists.set(word, [item]);
      }
    }
    this.#postings = new Map(Array.from(lists, ([word, list]) => [word, Int32Array.from(list)]));
    this.#norms = new Float32Array((items.at(-1) ?? -1) + 1);
    for (const posting of this.#postings.values())
      for (const item of posting) this.#norms[item]! += this.#idf(posting) ** 2;
    for (const [item, squares] of this.#norms.entries()) this.#norms[item] = Math.sqrt(squares);
  }
}

/** Items and their similarity, along. */
export interface Nearest {
  readonly items: Int32Array;
  readonly scores: Float32Array;
}

/** As many as an answer may hold. */
const NEAREST_MAX = 200;
const REMEMBERED_MAX = 5_000;

function wordsOf({ title, categories, tags }: ShelfProduct): Set<string> {
  return new Set([
    ...categories.map((category) => `category ${category}`),
    ...tags.map((tag) => `tag ${tag}`),
    ...(title.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []),
  ]);
}
