/** What an item says of itself. */
export interface ItemContent {
  readonly text: string;
  /** Each as it is: `category tea`. */
  readonly attributes?: readonly string[];
  /** Above 0, in any unit that all items share. */
  readonly price?: number;
}

export interface TermSettings {
  /** Letters of the shortest word that counts; 1 when left out. */
  readonly wordLettersMin?: number;
  /** Words in a row that are a term: 1 for single words, 2 for pairs too. */
  readonly wordsMax?: number;
  /** Lengths, characters, of parts of words that are terms, which survive inflection and spelling mistakes; none when left out. */
  readonly partLengths?: readonly number[];
}

/** Terms are hashed to so many numbers: of 10,000 terms, about six share theirs. */
const TERM_BUCKETS = 2 ** 24;

/**
 * How often each hashed term occurs, counted up or down by a sign that is hashed too, so that terms which share a number cancel out on average.
 * Prices are of one term within a factor of two. O(characters · part lengths). Source: Weinberger et al. 2009.
 */
export function hashedTerms(
  { text, attributes = [], price }: ItemContent,
  settings: TermSettings,
): Map<number, number> {
  const counts = new Map<number, number>();
  const add = (term: string) => {
    const hash = hashOf(term);
    const bucket = hash % TERM_BUCKETS;
    counts.set(bucket, (counts.get(bucket) ?? 0) + (hash >>> 31 === 0 ? 1 : -1));
  };
  const { wordLettersMin = 1, wordsMax = 1, partLengths = [] } = settings;
  const words = wordsOf(text).filter(({ length }) => length >= wordLettersMin);
  for (let length = 1; length <= wordsMax; length++)
    for (let at = 0; at + length <= words.length; at++) add(words.slice(at, at + length).join(' '));
  for (const length of partLengths) for (const word of words) for (const part of partsOf(word, length)) add(`~${part}`);
  for (const attribute of attributes) add(`=${attribute}`);
  if (price !== undefined && price > 0) add(`$${Math.round(Math.log2(price))}`);
  return counts;
}

function wordsOf(text: string): readonly string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  );
}

function partsOf(word: string, length: number): string[] {
  const characters = Array.from(`<${word}>`);
  return characters.slice(length - 1).map((_, at) => characters.slice(at, at + length).join(''));
}

/** 32 bits, FNV-1a over code units with the finaliser of MurmurHash3. */
function hashOf(term: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < term.length; at++) hash = Math.imul(hash ^ term.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
