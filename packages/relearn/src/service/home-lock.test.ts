import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { HomeInUse, homeOwner, lockHome } from './home-lock.ts';
import { testFolder } from './test-host.ts';

it('says who owns a home and where it listens, until released', async () => {
  const home = await testFolder();
  expect(await homeOwner(home)).toBeUndefined();
  const lock = await lockHome(home);
  expect(await homeOwner(home)).toEqual({ pid: process.pid });
  await lock.announce('http://127.0.0.1:8080');
  expect(await homeOwner(home)).toEqual({ pid: process.pid, url: 'http://127.0.0.1:8080' });
  await expect(lockHome(home)).rejects.toThrow(HomeInUse);
  await lock.release();
  expect(await homeOwner(home)).toBeUndefined();
});

it('refuses a home of another living process, and takes over one whose process is gone', async () => {
  const home = await testFolder();
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await writeFile(join(home, 'host.json'), JSON.stringify({ pid: other.pid, url: 'http://127.0.0.1:9' }));
  await expect(lockHome(home)).rejects.toThrow(`process ${other.pid} at http://127.0.0.1:9`);
  other.kill('SIGKILL');
  await once(other, 'exit');
  const lock = await lockHome(home);
  expect(JSON.parse(await readFile(join(home, 'host.json'), 'utf8'))).toEqual({ pid: process.pid });
  await lock.release();
});

it('takes over a lock that a crash cut short', async () => {
  const home = await testFolder();
  await writeFile(join(home, 'host.json'), '{"pid"');
  await (await lockHome(home)).release();
});
