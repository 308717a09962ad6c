import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListEvaluation } from '../packages/relearn/src/choice/evaluate-lists.ts';
import { keepResult } from './keep-result.ts';
import { writeMadeUpLists } from './made-up-lists.ts';

/**
 * Choosing and training on lists of 1, 5 and 20 million interactions, each in a process of its own. Users come in proportion, 100 interactions each, as a log grows; the 50,000 items are the
 * same: with fewer of the same users' deeds it would not be less of the same data, but sparser data. The time to choose in is given in proportion, too: it is kept to, and what
 * is found in it is as good.
 */

const SIZES = [1_000_000, 5_000_000, 20_000_000];
const [USER_INTERACTIONS, ITEMS, SEED] = [100, 50_000, 7];
/** For the largest; what is given is kept to about, so it is less than the target. */
const MINUTES = 9;
const TARGET = { minutes: 10, gibibytes: 4, exponent: 1.05 };

interface Run extends ListEvaluation {
  readonly interactions: number;
  readonly minutes: number;
  readonly peakMiB: number;
  /** Each try, and its NDCG@20 on what was held out. */
  readonly tried: readonly string[];
}

const folder = await mkdtemp(join(tmpdir(), 'twenty-million-'));
const runs: Run[] = [];
try {
  for (const interactions of SIZES) runs.push(await run(interactions));
} finally {
  await rm(folder, { recursive: true });
}
const exponents = runs.slice(1).map((own, at) => exponent(runs[at]!, own));
report();
await keepResult('twenty-million', { items: ITEMS, seed: SEED, runs, exponents, target: TARGET });

async function run(interactions: number): Promise<Run> {
  const paths = { train: join(folder, 'train.txt'), test: join(folder, 'test.txt') };
  const size = { interactionCount: interactions, userCount: interactions / USER_INTERACTIONS, itemCount: ITEMS };
  await writeMadeUpLists({ ...size, seed: SEED }, paths);
  const minutes = (MINUTES * interactions) / SIZES.at(-1)!;
  const child = fork(join(import.meta.dirname, 'twenty-million.process.ts'), [paths.train, paths.test, `${minutes}`]);
  const [found] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (typeof found !== 'object') throw new Error(`The process of ${interactions} interactions ended with ${found}.`);
  return { interactions, minutes, ...(found as Omit<Run, 'interactions' | 'minutes'>) };
}

/** Time grows as interactions to this power. */
function exponent(less: Run, more: Run): number {
  return Math.log(more.seconds / less.seconds) / Math.log(more.interactions / less.interactions);
}

function report(): void {
  console.table(
    runs.map(({ interactions, seconds, peakMiB, model, metrics }) => ({
      interactions,
      'choice and training, s': Math.round(seconds),
      'held at most, MiB': Math.round(peakMiB),
      model,
      'NDCG@20': Number(metrics['ndcg@20'].toFixed(4)),
    })),
  );
  const last = runs.at(-1)!;
  const [minutes, gibibytes] = [last.seconds / 60, last.peakMiB / 1_024];
  console.log(`time grows as interactions to the power of ${exponents.map((value) => value.toFixed(2)).join(', ')}`);
  console.log(`${minutes.toFixed(1)} min, ${gibibytes.toFixed(2)} GiB for ${last.interactions}`);
  console.log(`target ${TARGET.minutes} min, ${TARGET.gibibytes} GiB, power ${TARGET.exponent}`);
  const isTooSlow = minutes > TARGET.minutes || exponents.at(-1)! > TARGET.exponent;
  if (isTooSlow || gibibytes > TARGET.gibibytes) process.exitCode = 1;
}
