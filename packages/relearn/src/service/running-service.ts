import { join } from 'node:path';
import type { Logger } from 'pino';
import { openFolderArtifacts } from '../artifacts/index.ts';
import type { Bus } from '../bus/index.ts';
import type { ClientOf, Contract } from '../contract/contract.ts';
import { childTraceparent, currentTraceparent, inTrace, keepingTrace } from '../contract/trace.ts';
import { type DeliveryQueue, openSqliteStore, type Store, startInbox, startJobs, startOutbox } from '../store/index.ts';
import type { RunningEndpoint } from './call.ts';
import type { Edge } from './edge.ts';
import { compileEndpoint } from './endpoint.ts';
import type { Identity } from './identity/identity.ts';
import { inTurn } from './in-turn.ts';
import type { Metrics } from './metrics.ts';
import type { EndpointMetrics } from './request-metrics.ts';
import type { Consumer, Service, ServiceParts } from './service.ts';

/** What a host gives to each of its services. */
export interface ServiceSurroundings {
  readonly home: string;
  readonly bus: Bus;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly clock: () => number;
  readonly endpointMetrics: (service: string, operation: string) => EndpointMetrics;
  readonly identity: Identity;
  /** A client with which the service `as` calls. */
  clientOf(contract: Contract, as: string): ClientOf<Contract>;
  /** Why a service is not ready, here or where it runs; empty when it is. */
  faultsOf(contract: Contract): Promise<Record<string, string>>;
}

/** One service from opening its store to closing it. Each step may be followed by {@link close}, however far it came. */
export class RunningService {
  readonly name: string;
  readonly endpoints: ReadonlyMap<string, RunningEndpoint>;
  readonly #parts: ServiceParts<Contract>;
  readonly #store: Store;
  readonly #around: ServiceSurroundings;
  #inbox: DeliveryQueue | undefined;
  #outbox: DeliveryQueue | undefined;
  #jobs: DeliveryQueue | undefined;

  private constructor(service: Service, parts: ServiceParts<Contract>, store: Store, around: ServiceSurroundings) {
    this.name = service.contract.name;
    this.#parts = parts;
    this.#store = store;
    this.#around = around;
    this.endpoints = endpointsOf(service, parts, store, around);
  }

  get keySet(): ServiceParts<Contract>['keySet'] {
    return this.#parts.keySet?.bind(this.#parts);
  }

  get edge(): Edge | undefined {
    return this.#parts.edge;
  }

  /** Opens the store, applies migrations and sets the service up. */
  static async open(service: Service, config: unknown, surroundings: ServiceSurroundings): Promise<RunningService> {
    const { name } = service.contract;
    const around = { ...surroundings, log: surroundings.log.child({ service: name }) };
    const home = join(around.home, name);
    const { clock, bus, metrics, log } = around;
    const store = await openSqliteStore({
      path: join(home, `${name}.db`),
      migrations: service.migrations ?? [],
      source: name,
      clock,
      traceparent: currentTraceparent,
    });
    keepTraces(store);
    try {
      const artifacts = openFolderArtifacts(join(home, 'artifacts'));
      const clients = Object.fromEntries(
        Object.entries(service.uses ?? {}).map(([key, used]) => [key, around.clientOf(used, name)]),
      );
      const parts = await service.setup({
        config: config as any,
        store,
        artifacts,
        bus,
        clients,
        metrics,
        log,
        clock,
        home,
        identity: around.identity,
        faultsOf: around.faultsOf,
      });
      return new RunningService(service, parts, store, around);
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** Begins to take events; before any outbox begins to send them, so that none is sent to nobody. */
  async startConsuming(): Promise<void> {
    const consumers = (this.#parts.consumers ?? []).map(tracedConsumer);
    const { bus, clock, log } = this.#around;
    this.#inbox = await startInbox({ store: this.#store, bus, service: this.name, consumers, clock, log });
  }

  startPublishing(): void {
    const { bus, clock, log } = this.#around;
    this.#outbox = startOutbox({ store: this.#store, bus, clock, log });
  }

  /** Begins to perform jobs; once every service can be called. */
  async startJobs(): Promise<void> {
    const { clock, log } = this.#around;
    this.#jobs = await startJobs({ store: this.#store, jobs: this.#parts.jobs ?? [], clock, log });
  }

  async start(): Promise<void> {
    await this.#parts.start?.();
  }

  /** Why the service is not ready, by check; empty when it is. */
  async faults(): Promise<Record<string, string>> {
    const checks: NonNullable<ServiceParts<Contract>['checks']> = {
      store: () => this.#store.health(),
      ...this.#parts.checks,
    };
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await reasonOf(check)] as const),
    );
    return Object.fromEntries(results.filter((result): result is [string, string] => result[1] !== undefined));
  }

  /** How far events and jobs are behind, by queue. */
  async queueDepths() {
    return {
      inbox: await this.#inbox?.depth(),
      outbox: await this.#outbox?.depth(),
      jobs: await this.#jobs?.depth(),
    };
  }

  /** Begins no further job; those begun end, or are cut short when they take too long. */
  async stopJobs(): Promise<void> {
    await this.#jobs?.close();
  }

  async stopConsuming(): Promise<void> {
    await this.#inbox?.close();
  }

  /** Closes the service's own parts, then what it still has to publish, then its store. */
  async close(): Promise<void> {
    await inTurn([() => this.#parts.close?.(), () => this.#outbox?.close(), () => this.#store.close()]);
  }
}

/** A check that throws is not passed. */
async function reasonOf(check: () => Promise<string | undefined> | string | undefined): Promise<string | undefined> {
  try {
    return await check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A transaction waits for its turn and is run by the store; what it publishes still belongs to the request that asked for it. */
function keepTraces(store: Store): void {
  const transact: Store['transact'] = store.transact.bind(store);
  store.transact = (work) => transact(keepingTrace(work));
}

/** Calls made while an event is handled belong to the trace of the request that caused it. */
function tracedConsumer(consumer: Consumer<any>): Consumer<any> {
  return {
    ...consumer,
    handle: (payload, context) =>
      inTrace({ traceparent: childTraceparent(context.message.traceparent) }, () => consumer.handle(payload, context)),
  };
}

function endpointsOf(
  { contract }: Service,
  { handlers }: ServiceParts<Contract>,
  store: Store,
  { log, clock, endpointMetrics }: ServiceSurroundings,
): ReadonlyMap<string, RunningEndpoint> {
  const service = contract.name;
  return new Map(
    Object.entries(contract.operations).map(([name, operation]) => {
      const handle = handlers[name];
      if (handle === undefined) throw new TypeError(`Service ${service} has no handler for ${name}.`);
      const compiled = compileEndpoint(`${service}.${name}`, operation);
      return [name, { ...compiled, service, name, log, store, clock, metrics: endpointMetrics(service, name), handle }];
    }),
  );
}
