import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type Logger, pino } from 'pino';
import { type Bus, inProcessBus, openNatsBus } from '../bus/index.ts';
import type { ClientOf, Contract } from '../contract/contract.ts';
import type { RunningEndpoint } from './call.ts';
import { type Connection, connect } from './connect.ts';
import { serveDocumentation } from './documentation.ts';
import { type HostState, serveHealth } from './health.ts';
import { type HomeLock, lockHome } from './home-lock.ts';
import type { Host, HostOptions } from './host.ts';
import type { HostSettings } from './host-settings.ts';
import { serveOperations } from './http-routes.ts';
import { httpServer } from './http-server.ts';
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
    for (const service of this.#options.services) await this.#open(service, bus);
    for (const service of this.#services) await service.startConsuming();
    for (const service of this.#services) service.startPublishing();
    for (const service of this.#services) await service.startJobs();
    if (this.#options.listen ?? true) await this.#listen();
    for (const service of this.#services) await service.start();
    this.#state.phase = 'running';
    if (this.url !== '') this.#log.info({ url: this.url, home: this.#home }, 'Listening');
  }

  client<C extends Contract>(contract: C): ClientOf<C> {
    return inProcessClient(contract, this.#endpoints);
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

  async #open(service: HostOptions['services'][number], bus: Bus): Promise<void> {
    const { name } = service.contract;
    if (this.#endpoints.has(name)) throw new TypeError(`Two services are called ${name}.`);
    const running = await RunningService.open(service, this.#settings.configs.get(name), this.#surroundings(bus));
    this.#services.push(running);
    this.#endpoints.set(name, running.endpoints);
  }

  #surroundings(bus: Bus): ServiceSurroundings {
    return {
      home: this.#home,
      bus,
      metrics: this.#metrics,
      log: this.#log,
      clock: this.#options.clock ?? Date.now,
      endpointMetrics: this.#endpointMetrics,
      clientOf: (contract) => this.#clientOf(contract),
    };
  }

  #clientOf(contract: Contract): ClientOf<Contract> {
    const url = this.#settings.urls.get(contract.name);
    if (url === undefined) return this.client(contract);
    const known = this.#connections.get(contract.name) ?? connect(contract, { url });
    this.#connections.set(contract.name, known);
    return known;
  }

  async #listen(): Promise<void> {
    const { PORT, HOST, REQUEST_TIMEOUT_MS } = this.#settings.host;
    const server = httpServer();
    this.#server = server;
    serveHealth(server, this.#services, { state: this.#state, metrics: this.#metrics });
    for (const { name, endpoints } of this.#services) {
      serveOperations(server, name, [...endpoints.values()], { timeoutMsMax: REQUEST_TIMEOUT_MS });
    }
    for (const { contract } of this.#options.services) serveDocumentation(server, contract);
    await servePages(server, this.#options.pages ?? {});
    this.url = await server.listen({ port: PORT, host: HOST });
    await this.#lock?.announce(this.url);
    process.on('SIGTERM', this.#onSignal).on('SIGINT', this.#onSignal);
  }

  async #close(): Promise<void> {
    this.#state.phase = 'stopping';
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
