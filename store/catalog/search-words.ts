const WORDS_MAX = 16;
const word = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** The words of a query in lower case, in the order typed, at most 16; punctuation only separates. */
export function searchWords(text: string): string[] {
  return (text.normalize('NFC').toLowerCase().match(word) ?? []).slice(0, WORDS_MAX);
}

/**
 * An FTS5 expression for products that have all words. The last word also matches what begins with it, since its typist may
 * not be done; a whole match still ranks higher, because it counts twice. Words are quoted, and hold letters and digits alone,
 * so that nothing a person types is read as FTS5 syntax.
 */
export function matchAll(words: readonly string[]): string {
  return words.map((each, index) => matchWord(each, index === words.length - 1)).join(' AND ');
}

export function matchWord(each: string, unfinished: boolean): string {
  return unfinished ? `("${each}" OR "${each}" *)` : `"${each}"`;
}
