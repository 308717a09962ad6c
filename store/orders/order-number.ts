/** No I, L, O, U and 0: what is read aloud or from paper cannot be mistaken. 31 characters: a prime number of them is what the check rests on. */
const ALPHABET = '123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_LENGTH = 11;

/**
 * A number for people: `7K3M-9QXP-4TB2`, 11 random characters and one that checks them. Random, so that it tells nobody how many orders there are: 31¹¹
 * numbers, and any two of a million orders meet with a chance of 2 in 100,000; who stores it sees to that.
 *
 * @param randomInt  Uniform whole number below its argument, from a source that cannot be foretold.
 */
export function makeOrderNumber(randomInt: (below: number) => number): string {
  const drawn = Array.from({ length: RANDOM_LENGTH }, () => randomInt(ALPHABET.length));
  return [...drawn, checkOf(drawn)]
    .map((value) => ALPHABET[value])
    .join('')
    .replace(/(.{4})(.{4})/, '$1-$2-');
}

/**
 * The number as it is written, from what a person typed: case, blanks and dashes do not matter. Undefined when its check does not hold: every single
 * wrong character and every two swapped ones are found.
 */
export function readOrderNumber(typed: string): string | undefined {
  const text = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  const values = Array.from(text, (character) => ALPHABET.indexOf(character));
  if (values.length !== RANDOM_LENGTH + 1 || values.includes(-1)) return undefined;
  if (checkOf(values.slice(0, -1)) !== values.at(-1)) return undefined;
  return text.replace(/(.{4})(.{4})/, '$1-$2-');
}

/** Σ (i + 2) · value[i] modulo 31: weights that differ from each other, from 0 and from the check's own, -1, modulo a prime. */
function checkOf(values: readonly number[]): number {
  return values.reduce((sum, value, index) => sum + (index + 2) * value, 0) % ALPHABET.length;
}
