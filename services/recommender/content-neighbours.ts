import { type Content, trainContent } from 'relearn/models';
import { contentOf, type ProductShelf } from './product-shelf.ts';

/** Neighbours by what products say of themselves, for items that nobody has touched yet. Built anew when the shelf changes, O(words). */
export class ContentNeighbours {
  readonly #shelf: ProductShelf;
  #revision = -1;
  #content = trainContent([], {});
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
    const content = this.#refreshed();
    if (item < content.itemCount) content.addSimilar(item, weight, scores);
  }

  /** The items most similar to one, the most similar first; remembered until the shelf changes. */
  nearest(item: number, itemCount: number): Nearest {
    this.#refreshed();
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

  #refreshed(): Content {
    if (this.#revision === this.#shelf.revision) return this.#content;
    this.#revision = this.#shelf.revision;
    this.#nearest.clear();
    const contents = Array.from(this.#shelf.products, (product) => product && contentOf(product));
    this.#content = trainContent(contents, { wordLettersMin: 3 });
    return this.#content;
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
