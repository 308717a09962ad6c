import { type DiversityQuestion, type RankedList, relevances } from './ranked-list.ts';

/**
 * Chooses one item after another: the one whose relevance, less its likeness to what was chosen already, is greatest,
 * `(1 − diversity) · relevance − diversity · max similarity`. Relevances go from 0 to 1 over the list; of equals the earlier in the list first.
 *
 * O(k · list length) similarities. Source: Carbonell & Goldstein 1998 (λ = 1 − diversity).
 *
 * @returns items, best first.
 * @throws RangeError when a score is not finite or the diversity is not 0 to 1.
 */
export function maximalMarginalRelevance(list: RankedList, question: DiversityQuestion): Int32Array {
  const { k, diversity, similarity } = question;
  const relevance = relevances(list, diversity);
  if (diversity === 0) return list.items.slice(0, k);
  const left = Array.from(list.items, (item, place) => ({
    item,
    worth: (1 - diversity) * relevance[place]!,
    likeness: 0,
  }));
  const chosen = new Int32Array(Math.min(k, left.length));
  for (let place = 0; place < chosen.length; place++) {
    let best = 0;
    for (let at = 1; at < left.length; at++) if (gain(left[at]!) > gain(left[best]!)) best = at;
    const { item } = left.splice(best, 1)[0]!;
    chosen[place] = item;
    for (const other of left) other.likeness = Math.max(other.likeness, similarity(item, other.item));
  }
  return chosen;

  function gain({ worth, likeness }: { worth: number; likeness: number }): number {
    return worth - diversity * likeness;
  }
}
