import { resolve } from 'node:path';
import type { ClientOf, Contract } from '../contract/contract.ts';
import { homeOwner } from '../service/home-lock.ts';
import { connect, type Host, startHost } from '../service/index.ts';
import { loadServices } from './load-services.ts';
import type { Project } from './project.ts';

const CALL_TIMEOUT_MS = 120_000;

/** Clients for one command, of whichever process owns the home. */
export interface Connections {
  connect<C extends Contract>(contract: C): Promise<ClientOf<C>>;
  close(): Promise<void>;
}

export function openConnections(project: Project, home: string): Connections {
  const closers: (() => Promise<void>)[] = [];
  let local: Promise<Host> | undefined;

  async function startLocal(): Promise<Host> {
    const env = { LOG_LEVEL: 'error', ...process.env };
    const host = await startHost({ services: await loadServices(project), listen: false, home: resolve(home), env });
    closers.push(() => host.close());
    return host;
  }

  return {
    async connect(contract) {
      const owner = local === undefined ? await homeOwner(home) : undefined;
      if (owner?.url !== undefined) {
        const client = connect(contract, { url: owner.url, timeoutMs: CALL_TIMEOUT_MS });
        closers.push(async () => client[Symbol.asyncDispose]());
        return client;
      }
      local ??= startLocal();
      return patient((await local).client(contract));
    },
    async close() {
      for (const close of closers.reverse()) await close();
    },
  };
}

/** Gives calls of a command more time than a service's own. */
function patient<C extends Contract>(client: ClientOf<C>): ClientOf<C> {
  const calls = Object.entries(client as Record<string, (request: object, options?: object) => unknown>);
  return Object.fromEntries(
    calls.map(([name, call]) => [
      name,
      (request: object, options?: object) => call(request, { timeoutMs: CALL_TIMEOUT_MS, ...options }),
    ]),
  ) as ClientOf<C>;
}
