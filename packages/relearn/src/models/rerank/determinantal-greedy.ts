import { type DiversityQuestion, type RankedList, relevances } from './ranked-list.ts';

/** What is left of an item, beside those chosen, below which it is a copy of them. */
const RESIDUAL_MIN = 1e-8;

/**
 * Chooses items that are relevant and together span much: greedily those that add most to
 * `(1 − diversity) · Σ relevance + diversity · log det S`, with S the similarities of what is chosen. Looks at all pairs, where
 * {@link maximalMarginalRelevance} looks at the nearest one. Relevances go from 0 to 1 over the list; of equals the earlier first.
 *
 * The similarities must be those of vectors of length 1 (S positive semi-definite). Items that what is chosen makes up already add −∞:
 * once only such are left, they follow in the list's order.
 *
 * O(k² · list length), k · list length similarities and numbers. Source: Chen, Zhang & Zhou 2018, algorithm 1 and section 5 (θ = 1 − diversity);
 * quality stays out of the factorisation, so that no diversity overflows.
 *
 * @returns items, best first.
 * @throws RangeError when a score is not finite or the diversity is not 0 to 1.
 */
export function determinantalGreedy(list: RankedList, question: DiversityQuestion): Int32Array {
  const { items } = list;
  const { diversity, similarity } = question;
  const relevance = relevances(list, diversity);
  const k = Math.max(0, Math.min(question.k, items.length));
  if (diversity === 0) return items.slice(0, k);
  // Row by row, the Cholesky factor of S: shape (items, k), and what it leaves of the diagonal.
  const factor = new Float64Array(items.length * k);
  const residual = new Float64Array(items.length).fill(1);
  const isChosen = new Uint8Array(items.length);
  const chosen: number[] = [];
  for (let place = mostGaining(); place >= 0 && chosen.length < k; place = mostGaining()) {
    const root = Math.sqrt(residual[place]!);
    isChosen[place] = 1;
    for (let other = 0; other < items.length; other++) {
      if (isChosen[other]) continue;
      let rest = similarity(items[place]!, items[other]!);
      for (let at = 0; at < chosen.length; at++) rest -= factor[place * k + at]! * factor[other * k + at]!;
      factor[other * k + chosen.length] = rest / root;
      residual[other]! -= (rest / root) ** 2;
    }
    chosen.push(items[place]!);
  }
  for (let place = 0; chosen.length < k; place++) if (!isChosen[place]) chosen.push(items[place]!);
  return Int32Array.from(chosen);

  function mostGaining(): number {
    let best = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let place = 0; place < items.length; place++) {
      if (isChosen[place] || residual[place]! < RESIDUAL_MIN) continue;
      const gain = (1 - diversity) * relevance[place]! + diversity * Math.log(residual[place]!);
      if (gain > most) [best, most] = [place, gain];
    }
    return best;
  }
}
