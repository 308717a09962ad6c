import { readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ClientOf } from '../contract/contract.ts';
import type { Host } from '../service/host.ts';
import { startHost } from '../service/start-host.ts';
import { openSqliteStore } from '../store/index.ts';
import { type ManualClock, manualClock } from '../testing/manual-clock.ts';
import { type TemporaryHome, temporaryHome } from '../testing/temporary-home.ts';
import fruit, { type FruitTrials, fruitService } from './fixtures/fruit.ts';

type Client = ClientOf<typeof fruit.contract>;

let home: TemporaryHome;
let clock: ManualClock;
let host: Host;
let client: Client;

/** Starts the service with these trials; the training worker reads the same variable. */
async function start(trials: FruitTrials = 'everyday'): Promise<void> {
  vi.stubEnv('FRUIT_TRIALS', trials);
  const service = fruitService(trials);
  host = await startHost({ services: [service], home: home.path, clock, env: { PORT: '0', LOG_LEVEL: 'silent' } });
  client = host.client(service.contract);
}

async function restart(trials?: FruitTrials): Promise<void> {
  await host.close();
  await start(trials);
}

async function bring(count = 100): Promise<void> {
  const examples = Array.from({ length: count }, (_, i) => ({
    features: { weightG: i * 10, unit: `u${i}` },
    outcome: i < count / 2 ? 'plum' : 'melon',
  }));
  await client.importExamples({ body: { examples } });
}

async function ended(id: string) {
  return vi.waitUntil(
    async () => {
      const run = await client.getTraining({ params: { id } });
      return run.state === 'running' ? undefined : run;
    },
    { timeout: 15_000, interval: 20 },
  );
}

async function train() {
  const { id } = await client.train({ body: {} });
  return ended(id);
}

async function predict(weightG = 10) {
  return client.predict({ body: { weightG, unit: 'someone' } });
}

async function metrics(): Promise<string> {
  return (await fetch(`${host.url}/metrics`)).text();
}

beforeEach(async () => {
  home = await temporaryHome();
  clock = manualClock();
  await start();
});

afterEach(async () => {
  await host.close();
  await home[Symbol.asyncDispose]();
  vi.unstubAllEnvs();
});

describe('before the first training', () => {
  test('the fallback answers, says so everywhere, and is ready for requests', async () => {
    expect(await predict()).toMatchObject({ version: null, degraded: true, output: { fruit: 'unknown' } });
    expect(await client.getStatus({})).toMatchObject({ champion: null, degraded: true, decisions: { degraded: 1 } });
    expect(await metrics()).toContain('relearn_degraded{service="fruit"} 1');
    expect(await metrics()).toContain('relearn_decisions_total{service="fruit",version="none",degraded="true"} 1');
    const ready = await fetch(`${host.url}/health/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'ready', reasons: {} }]);
  });

  test('a training without enough examples fails with what to do', async () => {
    await bring(5);
    const run = await train();
    expect(run).toMatchObject({ state: 'failed' });
    expect(run.error).toMatch(/5 examples are not enough .* 20\. Bring some/);
  });
});

describe('training', () => {
  test('chooses the better trial and lets it answer', async () => {
    await bring();
    const run = await train();
    expect(run).toMatchObject({ state: 'succeeded', version: 'v1', progress: 1 });
    expect(run.leaderboard?.map(({ trial, chosen }) => [trial, chosen])).toEqual([
      ['all-melons', false],
      ['learned-cut', true],
    ]);
    expect(await predict()).toMatchObject({ version: 'v1', degraded: false, output: { fruit: 'plum' } });
    expect(await client.getStatus({})).toMatchObject({ champion: { id: 'v1' }, degraded: false });
    expect(await metrics()).toContain('relearn_degraded{service="fruit"} 0');
  });

  test('gives the same version for the same seed and data', async () => {
    await bring();
    const first = await train();
    const second = await train();
    const [a, b] = await Promise.all([first, second].map((run) => client.getVersion({ params: { id: run.version! } })));
    expect(a!.artifact).toBe(b!.artifact);
    expect(a!.metrics).toEqual(b!.metrics);
  });

  test('runs one at a time, is cancelled, and leaves the champion', async () => {
    await bring();
    await train();
    await restart('slow');
    const { id } = await client.train({ body: {} });
    await expect(client.train({ body: {} })).rejects.toMatchObject({ code: 'loop.training-running' });
    expect((await client.getStatus({})).training?.id).toBe(id);
    expect(await client.cancelTraining({ params: { id } }, { timeoutMs: 10_000 })).toMatchObject({
      state: 'cancelled',
    });
    expect(await predict()).toMatchObject({ version: 'v1' });
  });

  test('cancels a training that never awaits', async () => {
    await restart('spinning');
    await bring();
    const { id } = await client.train({ body: {} });
    await vi.waitUntil(async () => (await client.getTraining({ params: { id } })).progress > 0, { timeout: 10_000 });
    expect(await client.cancelTraining({ params: { id } }, { timeoutMs: 10_000 })).toMatchObject({
      state: 'cancelled',
    });
  });

  test('tells how far it is, and with what', async () => {
    await restart('slow');
    await bring();
    const { id } = await client.train({ body: {} });
    const { training } = await vi.waitUntil(
      async () => {
        const status = await client.getStatus({});
        return (status.training?.progress ?? 0) >= 0.5 ? status : undefined;
      },
      { timeout: 10_000 },
    );
    expect(training).toMatchObject({ id, state: 'running' });
    expect(training!.progress).toBeLessThan(1);
    expect(training!.note).toMatch(/^learned-cut: \d+ fruits before/);
    await client.cancelTraining({ params: { id } }, { timeoutMs: 10_000 });
  });

  test.each([
    ['broken', 'the oven is cold'],
    ['exits', "The training's thread ended with code 7 before it was done."],
    ['throwsLater', 'the oven fell'],
  ] as const)('reports a trial that is %s, and the champion goes on', async (trials, error) => {
    await bring();
    await train();
    await restart(trials);
    const run = await train();
    expect(run).toMatchObject({ state: 'failed' });
    expect(run.error).toMatch(error);
    expect(await predict()).toMatchObject({ version: 'v1', degraded: false });
    expect((await client.getStatus({})).training).toBeNull();
    await restart();
    expect(await train()).toMatchObject({ state: 'succeeded', version: 'v2' });
  });

  test('ends the thread of a training that does not hear of being cancelled', async () => {
    await restart('hearsNothing');
    await bring();
    const { id } = await client.train({ body: {} });
    await vi.waitUntil(async () => (await client.getTraining({ params: { id } })).progress > 0, { timeout: 10_000 });
    expect(await client.cancelTraining({ params: { id } }, { timeoutMs: 10_000 })).toMatchObject({
      state: 'cancelled',
    });
  });

  test('closes runs that a dead process left behind', async () => {
    await host.close();
    const path = join(home.path, 'fruit', 'fruit.db');
    const store = await openSqliteStore({ path, migrations: fruit.migrations!, source: 'fruit', clock });
    const run = { id: 'left', state: 'running', reason: 'x', seed: 1, progress: 0, note: '', startedAtMs: clock() };
    await store.transact((tx) =>
      tx.prepare('INSERT INTO training_runs VALUES (?, ?, ?, ?)').run('left', 'running', clock(), JSON.stringify(run)),
    );
    await store.close();
    await start();
    const left = await client.getTraining({ params: { id: 'left' } });
    expect(left.state).toBe('failed');
    expect(left.error).toMatch(/^interrupted/);
  });

  test('starts by itself once its time has come', async () => {
    await bring();
    clock.advance(86_400_000);
    expect(await trainedByItself()).toMatchObject({ reason: 'schedule', version: 'v1' });
  });

  test('starts by itself after so many outcomes', async () => {
    await bring(20);
    const outcomes = [];
    for (let i = 0; i < 50; i++) {
      const { decisionId } = await predict(i * 10);
      outcomes.push({ decisionId, outcome: i < 25 ? 'plum' : 'melon' });
    }
    await client.recordOutcomes({ body: { outcomes } });
    clock.advance(10_000);
    expect(await trainedByItself()).toMatchObject({ reason: '50 outcomes', version: 'v1' });
  });

  function trainedByItself() {
    const lastTraining = async () => (await client.getStatus({})).lastTraining ?? undefined;
    return vi.waitUntil(lastTraining, { timeout: 15_000, interval: 50 });
  }
});

describe('a champion whose settings the code has changed since', () => {
  async function trainedBefore(trials: FruitTrials): Promise<void> {
    await restart(trials);
    await bring();
    expect(await train()).toMatchObject({ version: 'v1' });
  }

  test('is run with its own settings on the same windows, and stays when it is better', async () => {
    await trainedBefore('everyday');
    await restart('fixedCut');
    const run = await train();
    expect(run).toMatchObject({ state: 'succeeded', version: 'v2' });
    expect(run.note).toMatch(
      /^learned-cut of v1, which answers now, is better on the windows: 1\.0000 against 0\.\d+ reward/,
    );
    expect(run.leaderboard?.map(({ trial, settings, chosen }) => [trial, settings, chosen])).toEqual([
      ['learned-cut', { cutG: 950 }, true],
      ['learned-cut of v1', {}, false],
    ]);
    expect(await client.getVersion({ params: { id: 'v2' } })).toMatchObject({ state: 'ready', reason: run.note });
    expect(await predict(700)).toMatchObject({ version: 'v1', output: { fruit: 'melon' } });
    expect(await client.promoteVersion({ params: { id: 'v2' } })).toMatchObject({ state: 'champion' });
  });

  test('gives way when it is worse', async () => {
    await trainedBefore('fixedCut');
    await restart('everyday');
    expect(await train()).toMatchObject({ version: 'v2', note: 'v2 (learned-cut) answers' });
    expect(await predict(700)).toMatchObject({ version: 'v2', output: { fruit: 'melon' } });
  });

  test('stays when this code cannot train it', async () => {
    await trainedBefore('everyday');
    await restart('fixedCutAlone');
    expect((await train()).note).toMatch(/^v1, which answers now, cannot be compared.* Promote this version if/);
    expect(await predict(700)).toMatchObject({ version: 'v1' });
  });
});

describe('decisions and outcomes', () => {
  test('a decision is kept as it was made, also over a restart', async () => {
    await bring();
    await train();
    const { decisionId } = await predict(40);
    const kept = {
      unit: 'someone',
      version: 'v1',
      features: { weightG: 40, unit: 'someone' },
      output: { fruit: 'plum' },
    };
    expect(await client.getDecision({ params: { id: decisionId } })).toMatchObject({ ...kept, outcome: null });
    await client.recordOutcomes({ body: { outcomes: [{ decisionId, outcome: 'plum' }] } });
    await restart();
    expect(await client.getDecision({ params: { id: decisionId } })).toMatchObject({ ...kept, outcome: 'plum' });
  });

  test('each outcome is checked on its own, and counts once', async () => {
    const { decisionId } = await predict();
    const body = {
      outcomes: [
        { decisionId, outcome: 'plum' },
        { decisionId: 'nobody', outcome: 'plum' },
        { decisionId, outcome: 7 },
        3,
      ],
    };
    const reply = await client.recordOutcomes({ body });
    expect(reply).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(reply.refused.map(({ index, code }) => [index, code])).toEqual([
      [1, 'decision-unknown'],
      [2, 'outcome-invalid'],
      [3, 'outcome-invalid'],
    ]);
    expect(await client.recordOutcomes({ body })).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  test('an outcome past the attribution window is refused', async () => {
    const { decisionId } = await predict();
    clock.advance(60_001);
    const { refused } = await client.recordOutcomes({ body: { outcomes: [{ decisionId, outcome: 'plum' }] } });
    expect(refused.map(({ code }) => code)).toEqual(['decision-expired']);
  });

  test('bad examples are listed and the rest kept', async () => {
    const good = { features: { weightG: 1, unit: 'u' }, outcome: 'plum' };
    const examples = [
      good,
      { ...good, atMs: clock() + 3_600_000 },
      { ...good, features: {} },
      null,
      { ...good, outcome: 'pear' },
    ];
    const reply = await client.importExamples({ body: { examples } });
    expect(reply.accepted).toBe(1);
    expect(reply.refused.map(({ index, code }) => [index, code])).toEqual(
      [1, 2, 3, 4].map((index) => [index, 'example-invalid']),
    );
  });

  test('a model that fails on a request is answered for by the fallback', async () => {
    await bring();
    await train();
    expect(await predict(-1)).toMatchObject({ version: null, degraded: true, output: { fruit: 'unknown' } });
    expect(await predict(10)).toMatchObject({ version: 'v1', degraded: false });
  });
});

describe('versions', () => {
  async function artifactFile(version: string): Promise<string> {
    const { artifact } = await client.getVersion({ params: { id: version } });
    const folder = join(home.path, 'fruit', 'artifacts');
    const files = await readdir(folder, { recursive: true });
    return join(folder, files.find((file) => file.endsWith(artifact.slice(2)) || file.endsWith(artifact))!);
  }

  async function twoVersions(): Promise<void> {
    await bring();
    await train();
    await client.importExamples({ body: { examples: [{ features: { weightG: 300, unit: 'u' }, outcome: 'melon' }] } });
    await train();
  }

  test('swap back and forth, and survive a restart', async () => {
    await twoVersions();
    expect(await predict(350)).toMatchObject({ version: 'v2', output: { fruit: 'melon' } });
    expect(await client.promoteVersion({ params: { id: 'v1' } })).toMatchObject({ state: 'champion' });
    expect(await predict(350)).toMatchObject({ version: 'v1', output: { fruit: 'plum' } });
    await restart();
    expect(await predict(350)).toMatchObject({ version: 'v1' });
    const { versions } = await client.listVersions({ query: {} });
    expect(versions.map(({ id, state }) => [id, state])).toEqual([
      ['v2', 'retired'],
      ['v1', 'champion'],
    ]);
  });

  test.each([
    ['damaged', async (file: string) => writeFile(file, 'not a model')],
    ['truncated', async (file: string) => truncate(file, 3)],
  ])('a %s model file is refused, and the last good version answers', async (_, damage) => {
    await twoVersions();
    await damage(await artifactFile('v2'));
    await restart();
    expect(await predict(350)).toMatchObject({ version: 'v1', degraded: false });
    const refused = await client.getVersion({ params: { id: 'v2' } });
    expect(refused.state).toBe('refused');
    expect(refused.reason).toBeTruthy();
    await expect(client.promoteVersion({ params: { id: 'v2' } })).rejects.toMatchObject({
      code: 'loop.version-refused',
    });
    expect(await predict(350)).toMatchObject({ version: 'v1' });
  });

  test('a version that answers golden inputs differently once loaded never takes over', async () => {
    await bring();
    await train();
    await restart('forgetful');
    expect(await predict()).toMatchObject({ degraded: true });
    const refused = await client.getVersion({ params: { id: 'v1' } });
    expect(refused).toMatchObject({ state: 'refused' });
    expect(refused.reason).toMatch(/golden input 1 of 2/);
    await restart('everyday');
    expect(await client.promoteVersion({ params: { id: 'v1' } })).toMatchObject({ state: 'champion' });
    expect(await predict()).toMatchObject({ version: 'v1', degraded: false });
  });

  test('unknown ids are declared problems', async () => {
    await expect(client.getVersion({ params: { id: 'v9' } })).rejects.toMatchObject({ code: 'loop.version-unknown' });
    await expect(client.promoteVersion({ params: { id: '0' } })).rejects.toMatchObject({
      code: 'loop.version-unknown',
    });
    await expect(client.getTraining({ params: { id: 'x' } })).rejects.toMatchObject({ code: 'loop.training-unknown' });
    await expect(client.getDecision({ params: { id: 'x' } })).rejects.toMatchObject({ code: 'loop.decision-unknown' });
  });
});
