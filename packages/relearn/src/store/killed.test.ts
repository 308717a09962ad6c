import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../statistics/seeded-random.ts';
import { temporaryHome } from '../testing/temporary-home.ts';
import { openReadOnlyStore } from './index.ts';

const program = fileURLToPath(new URL('./notes.process.ts', import.meta.url));

test('a process killed at any moment, again and again, keeps what it acknowledged, once', async () => {
  await using home = await temporaryHome();
  const path = join(home.path, 'notes.db');
  const random = seededRandom(7);
  const acknowledged: string[] = [];
  for (let run = 0; run < 5; run++) {
    const child = fork(program, [path, String(run)]);
    onTestFinished(() => void child.kill('SIGKILL'));
    child.on('message', (text) => acknowledged.push(text as string));
    await once(child, 'message');
    await sleep(random() * 150);
    child.kill('SIGKILL');
    await once(child, 'close');
    const store = await openReadOnlyStore(path);
    const kept = (await store.prepare<{ text: string }>('SELECT text FROM notes').all()).map(({ text }) => text);
    await store.close();
    const keptOnce = new Set(kept);
    expect(keptOnce.size).toBe(kept.length);
    expect(acknowledged.filter((text) => !keptOnce.has(text))).toEqual([]);
  }
});
