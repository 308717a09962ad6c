/** A word of the shop's vocabulary and how many products have it. */
export interface VocabularyWord {
  readonly word: string;
  readonly products: number;
}

/**
 * The word most likely meant by one that no product has: fewest edits, then the same first letter, then the most products.
 * Words of up to two letters are left alone; three to five allow one edit, longer ones two.
 *
 * O(vocabulary · length²), a few ms for ten thousand words.
 */
export function closestWord(typed: string, vocabulary: Iterable<VocabularyWord>): string | undefined {
  const editsMax = typed.length <= 2 ? 0 : typed.length <= 5 ? 1 : 2;
  let best: { word: string; rank: readonly number[] } | undefined;
  for (const { word, products } of vocabulary) {
    if (Math.abs(word.length - typed.length) > editsMax) continue;
    const edits = editDistance(typed, word);
    if (edits > editsMax) continue;
    const rank = [edits, word[0] === typed[0] ? 0 : 1, -products];
    if (best === undefined || isBefore(rank, best.rank)) best = { word, rank };
  }
  return best?.word;
}

/**
 * Fewest insertions, deletions, substitutions and swaps of neighbours that turn one word into the other
 * (optimal string alignment, Boytsov 2011).
 */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const substituted = at(last, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      let edits = Math.min(substituted, at(last, j) + 1, at(row, j - 1) + 1);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) edits = Math.min(edits, at(beforeLast, j - 2) + 1);
      row.push(edits);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] as number;
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) {
    if (at(a, i) !== at(b, i)) return at(a, i) < at(b, i);
  }
  return false;
}
