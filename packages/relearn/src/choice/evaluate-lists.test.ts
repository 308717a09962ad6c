import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { seededRandom, temporaryHome } from '../testing/index.ts';
import { evaluateLists } from './evaluate-lists.ts';

const TASTES = ['tea', 'tool', 'Ünïcode-☕'];

/** Each user takes some items of one taste; which others of it they take next can be foretold, of other tastes nothing. */
function madeUpLists() {
  const random = seededRandom(4);
  const [train, test]: string[][] = [[], []];
  for (let user = 0; user < 240; user++) {
    const taste = TASTES[user % TASTES.length]!;
    const items = Array.from({ length: 24 }, (_, item) => `${taste}-${item}`).sort(() => random() - 0.5);
    train!.push([`user-${user}`, ...items.slice(0, 12)].join(' '));
    test!.push([`user-${user}`, ...items.slice(12, 16), 'never-seen'].join(' '));
  }
  return { train: train!.join('\n'), test: test!.join('\n') };
}

test('chooses on the training file, and is scored on the other, gzip or plain', async () => {
  await using home = await temporaryHome();
  const lists = madeUpLists();
  const paths = { train: join(home.path, 'train.txt.gz'), test: join(home.path, 'test.txt') };
  await writeFile(paths.train, gzipSync(lists.train));
  await writeFile(paths.test, lists.test);
  const tried: string[] = [];
  const { model, metrics } = await evaluateLists({ ...paths, minutes: 1 }, (line) => tried.push(line));
  expect(model).not.toBe('popularity');
  expect(tried.length).toBeGreaterThan(5);
  expect(tried.at(-1)).toBe(`scoring 240 users of ${paths.test}`);
  // All four of the twelve that are left are among twenty; the one never seen is missed.
  expect(metrics['recall@20']).toBeCloseTo(0.8, 2);
  expect(metrics['ndcg@20']).toBeGreaterThan(0.2);
  expect((await evaluateLists({ ...paths, minutes: 1e-9 }, () => undefined)).model).toBe('popularity');
});

test('says what a file lacks, and answers where there is next to nothing', async () => {
  await using home = await temporaryHome();
  const [empty, one] = [join(home.path, 'empty.txt'), join(home.path, 'one.txt')];
  await writeFile(empty, '\n\n');
  await writeFile(one, 'somebody something\n');
  const quiet = () => undefined;
  await expect(evaluateLists({ train: empty, test: one, minutes: 1 }, quiet)).rejects.toThrow('holds nobody');
  await expect(evaluateLists({ train: join(home.path, 'no.txt'), test: one, minutes: 1 }, quiet)).rejects.toThrow(
    'ENOENT',
  );
  expect((await evaluateLists({ train: one, test: one, minutes: 1 }, quiet)).metrics['recall@20']).toBe(0);
});
