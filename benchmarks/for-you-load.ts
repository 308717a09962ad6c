import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReadOnlyStore, ownToken } from 'relearn';
import { keepResult } from './keep-result.ts';
import { type LoadRun, load } from './wrk.ts';

/**
 * *For you* over HTTP, scored live for every request, its decision logged: one server process held to one core, wrk on another. Users are drawn at
 * random. Needs `wrk` and `taskset`.
 */

const USERS = 3_000;
const ITEMS = 3_000;
const CONNECTIONS = 32;
const WARM_UP_S = 5;
const RUN_S = 10;
const RUNS = 3;
const TARGET = { requestsPerSecond: 6_300, p99Ms: 20 };

interface Ready {
  readonly url: string;
  readonly trial?: string;
}

const home = await mkdtemp(join(tmpdir(), 'for-you-load-'));
try {
  const server = spawn('taskset', ['-c', '0', process.execPath, processFile(), home, `${USERS}`, `${ITEMS}`], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [{ url, trial }] = (await once(server, 'message')) as [Ready];
  if (trial === undefined || trial === 'popularity') throw new Error(`Nothing worth measuring answers: ${trial}.`);
  const script = askScript(await (await ownToken(home))());
  const ask = async (seconds: number) => {
    const scriptPath = join(home, 'ask.lua');
    const run = await load({ url, script, scriptPath, connections: CONNECTIONS, seconds, core: 1 });
    if (run.failed > 0) throw new Error(`${run.failed} of ${run.requests} requests failed.`);
    return run;
  };
  const warmUp = await ask(WARM_UP_S);
  const runs: LoadRun[] = [];
  for (let run = 0; run < RUNS; run++) runs.push(await ask(RUN_S));
  await stop(server);
  const answered = [warmUp, ...runs].reduce((sum, { requests }) => sum + requests, 0);
  const logged = await decisionsIn(home);
  if (logged < answered) throw new Error(`${answered} were answered, ${logged} decisions are on disk.`);
  await report(trial, runs, { answered, logged });
} finally {
  await rm(home, { recursive: true, force: true });
}

function processFile(): string {
  return join(import.meta.dirname, 'recommender.process.ts');
}

async function stop(server: ChildProcess): Promise<void> {
  server.kill('SIGTERM');
  await once(server, 'exit');
}

/** Asks for a random user each time, and counts what is not answered with 200. */
function askScript(token: string): string {
  return `
math.randomseed(11)
local headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer ${token}" }
local requests = {}
init = function()
  for user = 0, ${USERS - 1} do
    requests[user] = wrk.format("POST", "/api/recommender/for-you", headers, '{"userId":"user-' .. user .. '"}')
  end
end
request = function() return requests[math.random(0, ${USERS - 1})] end
`;
}

async function decisionsIn(folder: string): Promise<number> {
  const store = await openReadOnlyStore(join(folder, 'recommender', 'decisions.db'));
  try {
    const row = await store.prepare<{ count: number }>('SELECT count(*) AS count FROM decisions').get();
    return row?.count ?? 0;
  } finally {
    await store.close();
  }
}

async function report(trial: string, runs: readonly LoadRun[], decisions: { answered: number; logged: number }) {
  const best = runs.reduce((most, run) => (run.requestsPerSecond > most.requestsPerSecond ? run : most));
  const missed = best.requestsPerSecond < TARGET.requestsPerSecond || best.p99Ms > TARGET.p99Ms;
  await keepResult('for-you-load', {
    users: USERS,
    items: ITEMS,
    connections: CONNECTIONS,
    trial,
    runs,
    decisions,
    target: TARGET,
  });
  for (const { requestsPerSecond, p50Ms, p99Ms } of runs) {
    console.log(
      `${requestsPerSecond.toFixed(0)} requests/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms (${trial})`,
    );
  }
  console.log(
    `target ${TARGET.requestsPerSecond} requests/s, p99 under ${TARGET.p99Ms} ms; best of ${RUNS} runs counts`,
  );
  if (missed) process.exitCode = 1;
}
