import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const POOL_BYTES = 16 * 256;

/** Gives UUIDs v7 for a given time; random bytes are drawn 256 ids at a time, which makes one cost about a microsecond. */
export function decisionIds(): (atMs: number) => string {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return (msecs) => {
    if (used === POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const random = pool.subarray(used, used + 16);
    used += 16;
    return v7({ msecs, random });
  };
}
