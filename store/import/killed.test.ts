import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startHost } from 'relearn';
import { temporaryHome } from 'relearn/testing';
import { expect, onTestFinished, test } from 'vitest';
import { recommenderContract } from '../../services/recommender/contract.ts';
import recommender from '../../services/recommender/main.ts';
import type { ImportSummary } from './summary.ts';

const program = fileURLToPath(new URL('./import.process.ts', import.meta.url));
const ROWS = 45_000;
const USERS = 90;

interface Message {
  readonly share?: number;
  readonly summary?: ImportSummary;
}

/** Imports; kills the process once it says that more than this share is written. Resolves to the last share and the summary. */
async function importing(home: string, path: string, killAfterShare = 1): Promise<Message> {
  const args = ['import', 'interactions', path, '--json'];
  const child = fork(program, args, { env: { ...process.env, RELEARN_HOME: home, LOG_LEVEL: 'silent' } });
  onTestFinished(() => void child.kill('SIGKILL'));
  let told: Message = {};
  child.on('message', (message: Message) => {
    told = { ...told, ...message };
    if (message.share !== undefined && message.share > killAfterShare) child.kill('SIGKILL');
  });
  const [exitCode] = await once(child, 'close');
  if (killAfterShare === 1) expect(exitCode).toBe(0);
  return told;
}

test('an import killed in the middle and repeated holds every row once', async () => {
  await using home = await temporaryHome();
  const path = join(home.path, 'history.csv');
  const rows = Array.from({ length: ROWS }, (_, row) => `user-${row % USERS},item-${row % 13},${1_700_000_000 + row}`);
  await writeFile(path, `user,item,time\n${rows.join('\n')}\n`);
  const kept = join(home.path, 'kept');
  for (const share of [0.1, 0.5]) expect((await importing(kept, path, share)).summary).toBeUndefined();
  const { summary } = await importing(kept, path);
  expect(summary).toMatchObject({ rows: ROWS });
  const { interactions = 0, ...known } = summary!.taken;
  expect(Object.values(known)[0]).toBeGreaterThan(ROWS / 2);
  expect(interactions + Object.values(known)[0]!).toBe(ROWS);
  const host = await startHost({ services: [recommender], home: kept, listen: false, env: { LOG_LEVEL: 'silent' } });
  const { users } = await host.client(recommenderContract).listUsers({ query: { limit: 1000 } });
  expect(users.map((user) => user.interactions)).toEqual(Array(USERS).fill(ROWS / USERS));
  await host.close();
});
