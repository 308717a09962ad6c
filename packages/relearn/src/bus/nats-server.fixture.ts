import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Why tests of a real server are skipped; undefined where there is one. */
export const noNatsServer =
  spawnSync('nats-server', ['--version']).error === undefined ? undefined : 'nats-server is not installed';

/** A NATS server of a test's own, with JetStream, that can be stopped, killed and started again with what it kept. */
export interface NatsServer extends AsyncDisposable {
  readonly url: string;
  /** Folder of what it keeps. */
  readonly kept: string;
  start(): Promise<void>;
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export async function startNatsServer(): Promise<NatsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'nats-'));
  const kept = join(folder, 'kept');
  const port = await freePort();
  let running: ChildProcess | undefined;
  const server: NatsServer = {
    url: `nats://127.0.0.1:${port}`,
    kept,
    async start() {
      running = spawn('nats-server', ['-js', '-sd', kept, '-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
      while (!(await answers(port))) await sleep(10);
    },
    async stop(signal) {
      if (running?.kill(signal)) await once(running, 'exit');
      running = undefined;
    },
    async [Symbol.asyncDispose]() {
      await server.stop('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
