import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { contract, operation, type Static, service, startHost, t } from 'relearn';

/**
 * Processor time of a request through `service`, validated both ways, against bare `node:http` with `JSON.parse` and `JSON.stringify`.
 * Both answer the same requests in processes of their own, loaded at the same time, so that whatever else the machine does slows
 * both; by wrk, or by `fetch` where wrk is not installed.
 */

const ROUNDS = 11;
const WARM_UP_S = 2;
const ROUND_S = 2;
const CONNECTIONS = 16;
const RATIO_MAX = 1.5;
const PATH = '/api/till/baskets';

const line = t.Object({
  itemId: t.String({ minLength: 1, maxLength: 64 }),
  title: t.String({ maxLength: 200 }),
  quantity: t.Integer({ minimum: 1, maximum: 1000 }),
  priceMinor: t.Integer({ minimum: 0 }),
});
const basket = t.Object({ basketId: t.String(), customerId: t.String(), lines: t.Array(line, { maxItems: 100 }) });
const total = t.Object({
  basketId: t.String(),
  totalMinor: t.Integer({ minimum: 0 }),
  lines: t.Array(t.Object({ ...line.properties, sumMinor: t.Integer({ minimum: 0 }) })),
});

const till = contract({
  name: 'till',
  title: 'Till',
  description: 'Adds up baskets.',
  version: '1.0.0',
  operations: {
    addUp: operation({
      method: 'POST',
      path: '/baskets',
      summary: 'Add up a basket',
      access: 'public',
      idempotency: 'safe',
      body: basket,
      reply: total,
    }),
  },
});

const REQUEST: Static<typeof basket> = {
  basketId: '0198f3a2-7c1e-7d4b-9a55-3f0c2d1e4b6a',
  customerId: 'customer-4711',
  lines: Array.from({ length: 5 }, (_, index) => ({
    itemId: `item-${index}`,
    title: `A thing with a name, number ${index}`,
    quantity: index + 1,
    priceMinor: 1999 + index,
  })),
};

let answered = 0;

function addUp({ basketId, lines }: Static<typeof basket>): Static<typeof total> {
  answered++;
  const summed = lines.map((one) => ({ ...one, sumMinor: one.quantity * one.priceMinor }));
  return { basketId, totalMinor: summed.reduce((sum, one) => sum + one.sumMinor, 0), lines: summed };
}

async function serveBare(): Promise<string> {
  const server = createServer(answerBare);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answerBare(request: IncomingMessage, response: ServerResponse): void {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    text += chunk;
  });
  request.on('end', () => {
    const reply = JSON.stringify(addUp(JSON.parse(text)));
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(reply),
    });
    response.end(reply);
  });
}

async function serveService(): Promise<string> {
  const host = await startHost({
    services: [service({ contract: till, setup: () => ({ handlers: { addUp: async ({ body }) => addUp(body) } }) })],
    env: { PORT: '0', LOG_LEVEL: 'warn' },
    home: process.env.BENCHMARK_HOME!,
  });
  return host.url;
}

interface Sample {
  readonly cpuUs: number;
  readonly answered: number;
}

async function serve(kind: string): Promise<void> {
  const url = kind === 'bare' ? await serveBare() : await serveService();
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuUs: user + system, answered } satisfies Sample);
  });
  process.on('disconnect', () => process.exit());
  process.send?.(url);
}

interface Server {
  readonly url: string;
  sample(): Promise<Sample>;
  stop(): Promise<void>;
}

async function start(kind: 'bare' | 'service', home: string): Promise<Server> {
  const child: ChildProcess = fork(import.meta.filename, [kind], { env: { ...process.env, BENCHMARK_HOME: home } });
  const [url] = (await once(child, 'message')) as [string];
  return {
    url,
    async sample() {
      child.send('sample');
      const [sample] = (await once(child, 'message')) as [Sample];
      return sample;
    },
    async stop() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** Loads a server for some seconds. @returns µs of processor time a request. */
async function measure(server: Server, script: string, seconds: number): Promise<number> {
  const before = await server.sample();
  await load(server.url + PATH, script, seconds);
  const after = await server.sample();
  return (after.cpuUs - before.cpuUs) / (after.answered - before.answered);
}

async function load(url: string, script: string, seconds: number): Promise<void> {
  try {
    await promisify(execFile)('wrk', ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', script, url]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const endMs = performance.now() + seconds * 1000;
    await Promise.all(Array.from({ length: CONNECTIONS }, () => askUntil(url, endMs)));
  }
}

async function askUntil(url: string, endMs: number): Promise<void> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(REQUEST) };
  while (performance.now() < endMs) await (await fetch(url, init)).arrayBuffer();
}

async function compare(home: string): Promise<{ bareUs: number[]; serviceUs: number[] }> {
  const script = join(home, 'post.lua');
  await writeFile(
    script,
    `wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\nwrk.body = [==[${JSON.stringify(REQUEST)}]==]\n`,
  );
  const bare = await start('bare', home);
  const relearn = await start('service', home);
  const measureBoth = (seconds: number) =>
    Promise.all([measure(bare, script, seconds), measure(relearn, script, seconds)]);
  await measureBoth(WARM_UP_S);
  const bareUs: number[] = [];
  const serviceUs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [bareRoundUs, serviceRoundUs] = await measureBoth(ROUND_S);
    bareUs.push(bareRoundUs);
    serviceUs.push(serviceRoundUs);
  }
  await Promise.all([bare.stop(), relearn.stop()]);
  return { bareUs, serviceUs };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;
}

async function main(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'service-overhead-'));
  try {
    const { bareUs, serviceUs } = await compare(home);
    const ratio = median(serviceUs) / median(bareUs);
    const result = {
      atIso: new Date().toISOString(),
      node: process.version,
      processor: `${cpus().length} × ${cpus()[0]?.model}`,
      requestBytes: Buffer.byteLength(JSON.stringify(REQUEST)),
      replyBytes: Buffer.byteLength(JSON.stringify(addUp(REQUEST))),
      bareUs,
      serviceUs,
      ratio,
      ratioMax: RATIO_MAX,
    };
    const results = join(import.meta.dirname, 'results');
    await mkdir(results, { recursive: true });
    await writeFile(join(results, 'service-overhead.json'), `${JSON.stringify(result, null, 2)}\n`);
    console.log(
      `bare ${median(bareUs).toFixed(1)} µs, service ${median(serviceUs).toFixed(1)} µs a request: ${ratio.toFixed(2)} times`,
    );
    if (ratio > RATIO_MAX) process.exitCode = 1;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

const kind = process.argv[2];
await (kind === undefined ? main() : serve(kind));
