import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { openReadOnlyStore, openSqliteStore, type Store, StoreUnavailable } from '../store/index.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { temporaryHome } from '../testing/temporary-home.ts';
import type { LoggedDecision } from './decision.ts';
import { DecisionLog } from './decision-log.ts';
import { decisionMigrations } from './migrations.ts';

const WAITING_MAX = 50_000;
const program = fileURLToPath(new URL('./fixtures/decision-log.process.ts', import.meta.url));

/** A log over a store whose disk can be full. */
async function openLog() {
  const home = await temporaryHome();
  onTestFinished(() => home[Symbol.asyncDispose]());
  const clock = manualClock();
  const path = join(home.path, 'decisions.db');
  const store = await openSqliteStore({ path, migrations: decisionMigrations, source: 'test', clock });
  const disk = { full: false };
  const transact: Store['transact'] = store.transact.bind(store);
  store.transact = (work) => (disk.full ? Promise.reject(new StoreUnavailable('the disk is full')) : transact(work));
  return { log: new DecisionLog({ store, clock, log: pino({ level: 'silent' }), keepMs: 1_000 }), disk, clock, path };
}

function decision(at: number): LoggedDecision {
  return {
    id: `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`,
    atMs: at,
    unit: 'u',
    surface: '',
    version: undefined,
    degraded: true,
    featureRevision: 1,
    features: { at },
    output: { at },
  };
}

async function idsIn(path: string): Promise<Set<string>> {
  const store = await openReadOnlyStore(path);
  const rows = await store.prepare<{ id: string }>('SELECT id FROM decisions').all();
  await store.close();
  return new Set(rows.map(({ id }) => id));
}

test('what cannot be written waits, is found, is shown, and is written later', async () => {
  const { log, disk } = await openLog();
  disk.full = true;
  log.append(decision(1));
  await log.flush();
  expect(log.fault()).toBe('Decisions cannot be written: the disk is full');
  expect(await log.find(decision(1).id)).toMatchObject({ features: { at: 1 }, output: { at: 1 } });
  disk.full = false;
  await log.flush();
  expect([log.fault(), log.waitingCount]).toEqual([undefined, 0]);
  await log.close();
});

test('past the limit new decisions are dropped, counted and shown for a while; the first are kept', async () => {
  const { log, disk, clock } = await openLog();
  disk.full = true;
  for (let at = 0; at < WAITING_MAX + 3; at++) log.append(decision(at));
  expect([log.waitingCount, log.droppedCount]).toEqual([WAITING_MAX, 3]);
  expect(log.fault()).toBe('Decisions came faster than they could be written: 3 were not logged.');
  expect(await log.find(decision(WAITING_MAX).id)).toBeUndefined();
  disk.full = false;
  await log.flush();
  await log.flush();
  clock.advance(60_001);
  expect(log.fault()).toBeUndefined();
  log.append(decision(WAITING_MAX + 3));
  expect(log.droppedCount).toBe(3);
  await log.close();
});

test('what is no JSON is dropped alone, counted and shown', async () => {
  const { log } = await openLog();
  log.append({ ...decision(1), features: { at: 1n } });
  log.append(decision(2));
  expect(log.fault()).toMatch(/^Decisions are no JSON \(.*BigInt.*\): 1 were not logged\.$/);
  expect([await log.find(decision(1).id), (await log.find(decision(2).id))?.output]).toEqual([undefined, { at: 2 }]);
  await log.close();
});

test('a unit is forgotten wherever its decisions are: on disk, being written, waiting, held back by a full disk', async () => {
  const { log, disk, path } = await openLog();
  const [forgotten, kept] = [(at: number) => ({ ...decision(at), unit: 'gone' }), decision];
  const logBoth = (at: number) => {
    log.append(forgotten(at));
    log.append(kept(at + 1));
  };
  await log.flush(); // looks for what is too old, and will not again for an hour
  logBoth(1);
  await log.flush();
  logBoth(3);
  const writing = log.flush();
  logBoth(5);
  await log.forget(['gone', 'never seen']);
  await writing;
  await log.flush();
  for (const at of [1, 3, 5]) expect(await log.find(decision(at).id)).toBeUndefined();
  disk.full = true;
  logBoth(7);
  await log.flush();
  await expect(log.forget(['gone', 'never seen'])).rejects.toThrow('the disk is full');
  disk.full = false;
  await log.forget(['gone', 'never seen']);
  await log.close();
  expect(await idsIn(path)).toEqual(new Set([2, 4, 6, 8].map((at) => decision(at).id)));
});

test('a killed process loses its newest decisions alone', async () => {
  await using home = await temporaryHome();
  for (const [round, waitMs] of [130, 270, 410].entries()) {
    const path = join(home.path, `decisions-${round}.db`);
    const child = fork(program, [path]);
    onTestFinished(() => void child.kill('SIGKILL'));
    const told: [id: string, atMs: number][] = [];
    child.on('message', (message) => told.push(message as [string, number]));
    await once(child, 'message');
    await sleep(waitMs);
    child.kill('SIGKILL');
    await once(child, 'close');
    const kept = await idsIn(path);
    const firstLost = told.findIndex(([id]) => !kept.has(id));
    const lost = firstLost < 0 ? [] : told.slice(firstLost);
    expect(told.length).toBeGreaterThan(10);
    expect(lost.some(([id]) => kept.has(id))).toBe(false);
  }
});
