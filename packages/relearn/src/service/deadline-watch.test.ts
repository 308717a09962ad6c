import { expect, it } from 'vitest';
import { DeadlineWatch, type Expiring } from './deadline-watch.ts';

it('ends what is late in the order of deadlines, whatever the order it was added in, and nothing that ended by itself', async () => {
  const watch = new DeadlineWatch();
  const ended: string[] = [];
  const nowMs = performance.now();
  const one = (name: string, afterMs: number): Expiring => ({
    endMs: nowMs + afterMs,
    expire: () => void ended.push(name),
  });
  const finished = one('finished', 5);
  for (const each of [one('last', 60), finished, one('first', 10), one('middle', 30), one('far', 60_000)])
    watch.add(each);
  watch.delete(finished);
  await expect.poll(() => ended).toEqual(['first', 'middle', 'last']);
});
