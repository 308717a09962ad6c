import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { seededRandom, temporaryHome } from '../testing/index.ts';
import { evaluateSessions } from './evaluate-sessions.ts';

const quiet = () => undefined;

/** Walks along one of twelve aisles of thirty items, mostly one step on: who knows where a session stands knows what comes next, and popularity does not. */
function madeUpSessions(count: number, seed: number): string[][] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const aisle = Math.floor(random() * 12);
    let at = Math.floor(random() * 30);
    return Array.from({ length: 2 + Math.floor(random() * 5) }, () => {
      at = (at + (random() < 0.8 ? 1 : Math.floor(random() * 30))) % 30;
      return `aisle-${aisle}/ünit-${at}`;
    });
  });
}

function exampleLine(session: readonly string[]): string {
  return `${session.slice(0, -1).join(' ')}\t${session.at(-1)}`;
}

async function files(home: { path: string }, train: string | Buffer, testText: string | Buffer) {
  const paths = { train: join(home.path, 'train.txt'), test: join(home.path, 'test.txt'), minutes: 0.05 };
  await writeFile(paths.train, train);
  await writeFile(paths.test, testText);
  return paths;
}

test('chooses on the training file, and foretells the other far better than popularity', async () => {
  await using home = await temporaryHome();
  const train = madeUpSessions(1_500, 5).map((session) => session.join(' '));
  const examples = [
    ...madeUpSessions(300, 6).map(exampleLine),
    '',
    'aisle-1/ünit-3\tnever-seen',
    'never-seen\taisle-1/ünit-3',
  ];
  const paths = await files(home, gzipSync(`${train.join('\n')}\n\n`), `${examples.join('\r\n')}\r\n`);
  const told: string[] = [];
  const { model, metrics } = await evaluateSessions(paths, (line) => told.push(line));
  expect(told).toContainEqual(expect.stringMatching(/^second-stage .*HR@20/));
  expect(told.at(-1)).toBe(`scoring 302 examples of ${paths.test}`);
  expect(model).not.toBe('popularity');
  expect(metrics['hr@20']).toBeGreaterThan(0.8);
  expect(metrics['mrr@20']).toBeGreaterThan(0.5);
  expect(metrics['hr@20']).toBeLessThan(1);
});

test.each([
  ['one session', 'a b c', 'a\tb', 1],
  ['one item', 'a\na a\na', 'a\ta', 1],
  ['sessions of one item, nothing to choose on', 'a\nb\nb', 'a\tb', 1],
  ['unseen test items', 'a b\na b', 'x y\tz', 0],
])('answers on %s', async (_, train, testText, hitRate) => {
  await using home = await temporaryHome();
  const { metrics } = await evaluateSessions(await files(home, train, testText), quiet);
  expect(metrics['hr@20']).toBe(hitRate);
});

test.each([
  ['a b\n\nc\td', 'a\tb', /train\.txt, line 3: a session is items separated by blanks/],
  ['a b', 'a\tb\n\nb a', /test\.txt, line 3: an example is one or more items, a tab/],
  ['a b', '\tb', /test\.txt, line 1/],
  ['a b', 'a\tb c', /test\.txt, line 1/],
  ['a b', 'a\tb\tc', /test\.txt, line 1/],
  ['\n\n', 'a\tb', /train\.txt holds no session/],
  ['a b', '\n', /test\.txt holds no example/],
  [Buffer.from([0x1f, 0x8b, 1, 2]), 'a\tb', /train\.txt begins as gzip does, but cannot be unpacked/],
])('names file and line of what it cannot read: %j', async (train, testText, message) => {
  await using home = await temporaryHome();
  await expect(evaluateSessions(await files(home, train, testText), quiet)).rejects.toThrow(message);
});
