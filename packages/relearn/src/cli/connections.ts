import { resolve } from 'node:path';
import type { ClientOf, Contract } from '../contract/contract.ts';
import { frameworkProblems } from '../contract/framework-problems.ts';
import { ProblemError } from '../contract/problem.ts';
import { homeOwner } from '../service/home-lock.ts';
import { connect, type Host, ownToken, startHost } from '../service/index.ts';
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
        const token = await ownToken(home);
        const client = connect(contract, { url: owner.url, timeoutMs: CALL_TIMEOUT_MS, token });
        closers.push(async () => client[Symbol.asyncDispose]());
        return served(
          client,
          `The process at ${owner.url} does not run ${contract.name}; start it with all services, or stop it.`,
        );
      }
      local ??= startLocal();
      return patient((await local).client(contract));
    },
    async close() {
      for (const close of closers.reverse()) await close();
    },
  };
}

type Call = (request: object, options?: object) => Promise<unknown>;

/** Gives calls of a command more time than a service's own. */
function patient<C extends Contract>(client: ClientOf<C>): ClientOf<C> {
  return wrapped(client, (call) => (request, options) => call(request, { timeoutMs: CALL_TIMEOUT_MS, ...options }));
}

/** Says so when a process does not run the service that is called. */
function served<C extends Contract>(client: ClientOf<C>, sentence: string): ClientOf<C> {
  return wrapped(client, (call) => async (request, options) => {
    try {
      return await call(request, options);
    } catch (error) {
      const isUnknown = error instanceof ProblemError && error.code === frameworkProblems.notFound.code;
      throw isUnknown ? new Error(sentence, { cause: error }) : error;
    }
  });
}

function wrapped<C extends Contract>(client: ClientOf<C>, wrap: (call: Call) => Call): ClientOf<C> {
  const calls = Object.entries(client as Record<string, Call>);
  return Object.fromEntries(calls.map(([name, call]) => [name, wrap(call)])) as ClientOf<C>;
}
