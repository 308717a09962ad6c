import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type Logger, pino } from 'pino';
import { type Bus, inProcessBus, openNatsBus } from '../bus/index.ts';
import type { Caller } from '../contract/caller.ts';
import type { ClientOf, Contract } from '../contract/contract.ts';
import type { RunningEndpoint } from './call.ts';
import { type Connection, connect } from './connect.ts';
import { DeadlineWatch } from './deadline-watch.ts';
import { serveDocumentation, serveOverview } from './documentation.ts';
import type { Edge } from './edge.ts';
import { guardWith, passOn } from './edge-server.ts';
import { type HostState, remoteFaults, serveHealth } from './health.ts';
import { type HomeLock, lockHome } from './home-lock.ts';
import type { Host, HostOptions } from './host.ts';
import type { HostSettings } from './host-settings.ts';
import type { Exchanges } from './http-exchange.ts';
import { serveOperations } from './http-routes.ts';
import { httpServer } from './http-server.ts';
import { HostIdentity } from './identity/identity.ts';
import { serveKeySet } from './identity/serve-key-set.ts';
import { serviceSecret } from './identity/service-secret.ts';
import { localKeys, noKeys, remoteKeys, type VerificationKeys } from './identity/verification-keys.ts';
import { inProcessClient } from './in-process-client.ts';
import { inTurn } from './in-turn.ts';
import { servePages } from './pages.ts';
import { prometheusMetrics } from './prometheus-metrics.ts';
import { requestMetrics } from './request-metrics.ts';
import { RunningService, type ServiceSurroundings } from './running-service.ts';

/** A process's services from start to close. */
export class RunningHost implements Host {
  url = '';
  readonly #options: HostOptions;
  readonly #settings: HostSettings;
  readonly #home: string;
  readonly #log: Logger;
  readonly #metrics = prometheusMetrics();
  readonly #endpointMetrics = requestMetrics(this.#metrics);
  readonly #state: HostState = { phase: 'starting' };
  readonly #services: RunningService[] = [];
  readonly #endpoints = new Map<string, ReadonlyMap<string, RunningEndpoint>>();
  readonly #connections = new Map<string, Connection<Contract>>();
  readonly #onSignal = () => void this.#endProcess();
  readonly #stopping = new AbortController();
  #identity: HostIdentity | undefined;
  #localKeys: VerificationKeys | undefined;
  #edge: Edge | undefined;
  #lock: HomeLock | undefined;
  #bus: Bus | undefined;
  #server: FastifyInstance | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: HostOptions, settings: HostSettings) {
    this.#options = options;
    this.#settings = settings;
    this.#home = resolve(options.home ?? settings.host.RELEARN_HOME);
    this.#log = pino({ level: settings.host.LOG_LEVEL, base: null });
  }

  async start(): Promise<void> {
    await mkdir(this.#home, { recursive: true });
    this.#lock = await lockHome(this.#home);
    const bus = await this.#openBus();
    this.#identity = await this.#openIdentity();
    for (const service of this.#options.services) await this.#open(service, bus);
    for (const service of this.#services) await service.startConsuming();
    for (const service of this.#services) service.startPublishing();
    for (const service of this.#services) await service.startJobs();
    if (this.#options.listen ?? true) await this.#listen();
    for (const service of this.#services) await service.start();
    this.#state.phase = 'running';
    if (this.url !== '') this.#log.info({ url: this.url, home: this.#home }, 'Listening');
  }

  client<C extends Contract>(contract: C, as: Caller = { kind: 'service', name: 'host' }): ClientOf<C> {
    return inProcessClient(contract, this.#endpoints, as);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #openBus(): Promise<Bus> {
    const { NATS_URL } = this.#settings.host;
    this.#bus = NATS_URL === undefined ? inProcessBus() : await openNatsBus({ url: NATS_URL, log: this.#log });
    return this.#bus;
  }

  async #openIdentity(): Promise<HostIdentity> {
    const { SERVICE_SECRET, IDENTITY_URL } = this.#settings.host;
    const remote = IDENTITY_URL === undefined ? noKeys : remoteKeys(IDENTITY_URL);
    const keys: VerificationKeys = { find: (header, token) => (this.#localKeys ?? remote).find(header, token) };
    const secret = await serviceSecret(this.#home, SERVICE_SECRET);
    return new HostIdentity({ secret, keys, clock: this.#options.clock ?? Date.now });
  }

  async #open(service: HostOptions['services'][number], bus: Bus): Promise<void> {
    const { name } = service.contract;
    if (this.#endpoints.has(name)) throw new TypeError(`Two services are called ${name}.`);
    const running = await RunningService.open(service, this.#settings.configs.get(name), this.#surroundings(bus));
    this.#services.push(running);
    this.#endpoints.set(name, running.endpoints);
    const { keySet, edge } = running;
    if (keySet !== undefined) {
      if (this.#localKeys !== undefined) throw new TypeError(`${name} is the second service with a key set.`);
      this.#localKeys = localKeys(keySet);
    }
    if (edge !== undefined) {
      if (this.#edge !== undefined) throw new TypeError(`${name} is the second service with an edge.`);
      this.#edge = edge;
    }
  }

  #surroundings(bus: Bus): ServiceSurroundings {
    return {
      home: this.#home,
      bus,
      metrics: this.#metrics,
      log: this.#log,
      clock: this.#options.clock ?? Date.now,
      endpointMetrics: this.#endpointMetrics,
      identity: this.#identity!,
      clientOf: (contract, as) => this.#clientOf(contract, as),
      faultsOf: (contract) => this.#faultsOf(contract),
    };
  }

  #clientOf(contract: Contract, as: string): ClientOf<Contract> {
    const url = this.#settings.urls.get(contract.name);
    if (url === undefined) return this.client(contract, { kind: 'service', name: as });
    const key = `${as} ${contract.name}`;
    const token = () => this.#identity!.serviceToken(as);
    const known = this.#connections.get(key) ?? connect(contract, { url, token });
    this.#connections.set(key, known);
    return known;
  }

  async #faultsOf({ name }: Contract): Promise<Record<string, string>> {
    const url = this.#settings.urls.get(name);
    if (url !== undefined) return remoteFaults(name, url);
    return this.#services.find((service) => service.name === name)?.faults() ?? { host: `${name} does not run.` };
  }

  async #listen(): Promise<void> {
    const { PORT, HOST, TRUSTED_PROXIES } = this.#settings.host;
    const server = httpServer({ trustedProxies: TRUSTED_PROXIES });
    this.#server = server;
    const edge = this.#edge;
    if (edge !== undefined) guardWith(server, edge);
    serveHealth(server, this.#services, { state: this.#state, metrics: this.#metrics });
    const exchanges = this.#exchanges();
    for (const { name, endpoints } of this.#services) serveOperations(server, name, [...endpoints.values()], exchanges);
    for (const { contract } of this.#options.services) serveDocumentation(server, contract);
    for (const { keySet } of this.#services) if (keySet !== undefined) serveKeySet(server, keySet);
    if (edge !== undefined) {
      serveOverview(server, this.#contractsBehind(edge));
      await passOn(server, edge.routes, this.#settings.urls);
    }
    await servePages(server, this.#options.pages ?? {});
    this.url = await server.listen({ port: PORT, host: HOST });
    await this.#lock?.announce(this.url);
    process.on('SIGTERM', this.#onSignal).on('SIGINT', this.#onSignal);
  }

  #contractsBehind({ routes }: Edge): Contract[] {
    const own = this.#options.services.map(({ contract }) => contract);
    return [...own, ...routes.filter(({ name }) => !this.#endpoints.has(name))];
  }

  #exchanges(): Exchanges {
    return {
      identity: this.#identity!,
      watch: new DeadlineWatch(),
      timeoutMsMax: this.#settings.host.REQUEST_TIMEOUT_MS,
      stopping: this.#stopping.signal,
    };
  }

  async #close(): Promise<void> {
    this.#state.phase = 'stopping';
    this.#stopping.abort();
    process.off('SIGTERM', this.#onSignal).off('SIGINT', this.#onSignal);
    await inTurn([
      () => this.#drain(),
      async () => void (await Promise.all(this.#services.map((service) => service.stopJobs()))),
      ...this.#services.map((service) => () => service.stopConsuming()),
      ...this.#services.toReversed().map((service) => () => service.close()),
      () => this.#endpoints.clear(),
      ...[...this.#connections.values()].map((connection) => () => connection[Symbol.asyncDispose]()),
      () => this.#bus?.close(),
      () => this.#lock?.release(),
    ]);
  }

  /** Takes no more requests and waits for those begun, no longer than the limit. */
  async #drain(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    const cut = setTimeout(() => server.server.closeAllConnections(), this.#settings.host.SHUTDOWN_TIMEOUT_MS);
    // A connection kept alive is idle only once its last reply is out.
    const sweep = setInterval(() => server.server.closeIdleConnections(), 20);
    await server.close();
    clearInterval(sweep);
    clearTimeout(cut);
  }

  async #endProcess(): Promise<void> {
    this.#log.info('Stopping');
    try {
      await this.close();
    } catch (error) {
      this.#log.error({ err: error }, 'Stopping failed');
      process.exitCode = 1;
    }
    process.exit();
  }
}
