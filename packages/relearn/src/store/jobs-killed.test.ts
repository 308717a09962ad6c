import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryHome } from '../testing/temporary-home.ts';
import { openReadOnlyStore } from './index.ts';

const program = fileURLToPath(new URL('./jobs.process.ts', import.meta.url));

function run(path: string, schedule = '') {
  const child = fork(program, [path, schedule]);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function effects(path: string) {
  const store = await openReadOnlyStore(path);
  const rows = await store.prepare<{ text: string }>('SELECT text FROM effects').all();
  await store.close();
  return rows.map(({ text }) => text);
}

test('a job whose process is killed between its performance and its end is performed again, under the same id', async () => {
  await using home = await temporaryHome();
  const path = join(home.path, 'effects.db');
  const killed = run(path, 'send');
  const [first] = await once(killed, 'message');
  killed.kill('SIGKILL');
  await once(killed, 'close');
  expect(await effects(path)).toEqual([]);
  const next = run(path);
  const [second] = await once(next, 'message');
  expect(await once(next, 'close')).toEqual([0, null]);
  expect(second).toEqual({ ...(first as object), attempt: 2 });
  expect(await effects(path)).toEqual(['hello']);
});

test('a job that kills its process is given up after its last try', async () => {
  await using home = await temporaryHome();
  const path = join(home.path, 'effects.db');
  expect(await once(run(path, 'crash'), 'close')).toEqual([null, 'SIGKILL']);
  expect(await once(run(path), 'close')).toEqual([null, 'SIGKILL']);
  expect(await effects(path)).toEqual([]);
  expect(await once(run(path), 'close')).toEqual([0, null]);
  expect(await effects(path)).toEqual(['gave up']);
});
