import { describe, expect, it } from 'vitest';
import { isForged, Origins } from './origins.ts';

const origins = new Origins('https://shop.example', ['https://partner.example']);
const of = (headers: Record<string, string>) => origins.of({ headers: { host: 'shop.example', ...headers } });

describe('where a request was made', () => {
  it.each([
    [{ 'sec-fetch-site': 'same-origin' }, 'own'],
    [{ 'sec-fetch-site': 'none' }, 'own'],
    [{ 'sec-fetch-site': 'same-site' }, 'foreign'],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://shop.example' }, 'foreign'],
    [{ origin: 'https://shop.example' }, 'own'],
    [{ origin: 'http://shop.example' }, 'own'],
    [{ origin: 'https://shop.example.evil.example' }, 'foreign'],
    [{ origin: 'null' }, 'foreign'],
    [{ origin: 'https://partner.example', 'sec-fetch-site': 'cross-site' }, 'allowed'],
    [{}, 'unsaid'],
  ] as [Record<string, string>, string][])('%j is %s', (headers, origin) => {
    expect(of(headers)).toBe(origin);
  });

  it('matters for what changes something, and for programs only when they bring cookies', () => {
    expect(isForged({ method: 'GET' }, { origin: 'foreign', hasCookies: true })).toBe(false);
    expect(isForged({ method: 'DELETE' }, { origin: 'foreign', hasCookies: false })).toBe(true);
    expect(isForged({ method: 'POST' }, { origin: 'unsaid', hasCookies: true })).toBe(true);
    expect(isForged({ method: 'POST' }, { origin: 'unsaid', hasCookies: false })).toBe(false);
  });
});
