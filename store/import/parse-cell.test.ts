import { describe, expect, it } from 'vitest';
import { parseNumber, parseText, parseTimeMs } from './parse-cell.ts';

describe('a time', () => {
  const expected = Date.UTC(2011, 11, 9, 12, 50);
  it.each([
    expected,
    String(expected),
    expected / 1000,
    expected * 1000,
    '2011-12-09T12:50:00Z',
    '2011-12-09 12:50:00',
    '2011-12-09T13:50+01:00',
    '12/9/2011 12:50',
  ])('is read from %s', (cell) => {
    expect(parseTimeMs(cell)).toBe(expected);
  });

  it('may be a day alone', () => {
    expect(parseTimeMs('2011-12-09')).toBe(Date.UTC(2011, 11, 9));
  });

  it('is refused when it is none, and undefined when empty', () => {
    expect(parseTimeMs('yesterday')).toBeNaN();
    expect(parseTimeMs('2011-13-40')).toBeNaN();
    expect(parseTimeMs('  ')).toBeUndefined();
  });
});

describe('numbers and texts', () => {
  it('tell empty from wrong', () => {
    expect(parseNumber(' 2.5 ')).toBe(2.5);
    expect(parseNumber('two')).toBeNaN();
    expect(parseNumber('')).toBeUndefined();
    expect(parseText(null)).toBeUndefined();
    expect(parseText(7)).toBe('7');
  });
});
