import { describe, expect, it } from 'vitest';
import { matchAll, searchWords } from './search-words.ts';

describe('the words of a query', () => {
  it('are letters and digits in lower case, whatever stands between them', () => {
    expect(searchWords('  Red "T-light" (NEAR) holder*; 35cm ')).toEqual([
      'red',
      't',
      'light',
      'near',
      'holder',
      '35cm',
    ]);
  });

  it('are none in punctuation alone', () => {
    expect(searchWords('!!! "" *')).toEqual([]);
  });

  it('keep accents whole, however they were typed', () => {
    expect(searchWords('Cafe\u0301')).toEqual(['café']);
  });

  it('are all asked for, and the last may be unfinished', () => {
    expect(matchAll(['red', 'lan'])).toBe('"red" AND ("lan" OR "lan" *)');
  });
});
