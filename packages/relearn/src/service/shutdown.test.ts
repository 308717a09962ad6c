import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ProblemError } from '../contract/problem.ts';
import { connect } from './connect.ts';
import { homeOwner } from './home-lock.ts';
import { shelfContract, shelfService } from './shelf.fixture.ts';
import { testFolder, testHost } from './test-host.ts';

const program = fileURLToPath(new URL('./shelf.process.ts', import.meta.url));

async function startProcess(env: Record<string, string> = {}) {
  const home = await testFolder();
  const child: ChildProcess = fork(program, {
    env: { ...process.env, PORT: '0', LOG_LEVEL: 'silent', RELEARN_HOME: home, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [url] = (await once(child, 'message')) as [string];
  const client = connect(shelfContract, { url, attemptsMax: 1 });
  onTestFinished(() => client[Symbol.asyncDispose]());
  return { child, home, url, client };
}

describe('A process told to stop', () => {
  it('answers what it has begun, takes nothing new, gives up its home and exits with 0', async () => {
    const { child, home, client, url } = await startProcess();
    expect(await homeOwner(home)).toEqual({ pid: child.pid, url });
    const begun = client.pause({ params: { ms: 400 } });
    await expect.poll(async () => (await fetch(`${url}/health/live`)).status).toBe(200);
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await begun).toHaveProperty('traceparent');
    expect(await exit).toEqual([0, null]);
    await expect(client.list({ query: {} })).rejects.toMatchObject({ code: 'client.unreachable' });
    expect(await homeOwner(home)).toBeUndefined();
  });

  it('waits no longer than the limit for those that do not end', async () => {
    const { child, client } = await startProcess({ SHUTDOWN_TIMEOUT_MS: '50' });
    const never = client.wait({}, { timeoutMs: 60_000 }).catch((error: unknown) => error);
    await client.list({ query: {} });
    const exit = once(child, 'exit');
    child.kill('SIGINT');
    expect(await exit).toEqual([0, null]);
    expect(await never).toBeInstanceOf(ProblemError);
  });

  it('keeps what it acknowledged, killed at once', async () => {
    const { child, home, client } = await startProcess();
    const put = await client.put({ body: { name: 'lamp' } }, { idempotencyKey: 'k' });
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    const again = await testHost({ services: [shelfService()], home });
    const nobody = again.client(shelfContract, { kind: 'anonymous' });
    expect(await nobody.put({ body: { name: 'lamp' } }, { idempotencyKey: 'k' })).toEqual(put);
    expect((await nobody.list({ query: {} })).things).toEqual([put]);
  });
});

describe('A host', () => {
  it('works without a listener', async () => {
    const host = await testHost({ services: [shelfService()], listen: false });
    expect(host.url).toBe('');
    expect(await host.client(shelfContract).list({ query: {} })).toMatchObject({ things: [] });
  });

  it('refuses two services of one name and leaves nothing open', async () => {
    const home = await testFolder();
    await expect(testHost({ services: [shelfService(), shelfService()], home })).rejects.toThrow(
      'Two services are called shelf',
    );
    await testHost({ services: [shelfService()], home });
  });

  it('refuses a home that another host owns', async () => {
    const home = await testFolder();
    await testHost({ services: [shelfService()], home });
    await expect(testHost({ services: [shelfService()], home })).rejects.toThrow('is in use');
  });
});
