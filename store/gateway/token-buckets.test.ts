import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TokenBuckets } from './token-buckets.ts';

it('never gives more than the burst and what has come back since', () => {
  const steps = fc.array(fc.integer({ min: -200, max: 2_000 }), { maxLength: 200 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (waits, perSecond, burst) => {
      let nowMs = 0;
      let latestMs = 0;
      let allowed = 0;
      const buckets = new TokenBuckets({ perSecond, burst }, () => nowMs);
      for (const waitMs of waits) {
        nowMs += waitMs;
        latestMs = Math.max(latestMs, nowMs);
        if (buckets.take('ada').allowed) allowed++;
      }
      expect(allowed).toBeLessThanOrEqual(burst + (latestMs / 1_000) * perSecond + 1e-6);
    }),
  );
});

it('says how long to wait, and keeps keys apart', () => {
  let nowMs = 0;
  const buckets = new TokenBuckets({ perSecond: 2, burst: 2 }, () => nowMs);
  expect(buckets.take('ada')).toEqual({ allowed: true, left: 1, waitMs: 0 });
  expect(buckets.take('ada')).toEqual({ allowed: true, left: 0, waitMs: 500 });
  expect(buckets.take('ada')).toEqual({ allowed: false, left: 0, waitMs: 500 });
  expect(buckets.take('bob').allowed).toBe(true);
  nowMs = 500;
  expect(buckets.take('ada').allowed).toBe(true);
  expect(buckets.take('ada').allowed).toBe(false);
});
