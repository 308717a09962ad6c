import type { NatsConnection } from '@nats-io/transport-node';
import type { BusLog } from './bus.ts';

/** Thrown into what a lost connection cuts short. */
class LinkLost extends Error {}

/** A connection that comes and goes: what is to be asked over it waits for it, and is asked again when it is lost meanwhile. */
export class NatsLink {
  readonly #connection: NatsConnection;
  readonly #log: BusLog;
  readonly #onBack = new Set<() => void>();
  #lost = Promise.withResolvers<never>();
  #back: PromiseWithResolvers<void> | undefined;

  constructor(connection: NatsConnection, log: BusLog) {
    this.#connection = connection;
    this.#log = log;
    this.#lost.promise.catch(() => undefined);
    void this.#watch();
  }

  /** Why nothing can be asked now; undefined while something can. */
  health(): string | undefined {
    return this.#back === undefined ? undefined : 'there is no connection to NATS';
  }

  /** Calls `wake` whenever the connection is back. */
  onBack(wake: () => void): void {
    this.#onBack.add(wake);
  }

  /** As `ask`, which is repeated where the connection was lost; rejects once `signal` aborts. */
  async ask<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      await this.#back?.promise;
      signal.throwIfAborted();
      try {
        return await Promise.race([ask(), this.#lost.promise]);
      } catch (error) {
        if (!(error instanceof LinkLost)) throw error;
      }
    }
  }

  /** Sends what is still to be sent, where there is a connection. */
  async close(): Promise<void> {
    if (this.#back === undefined)
      await Promise.race([this.#connection.flush().catch(() => undefined), this.#lost.promise.catch(() => undefined)]);
    this.#back?.resolve();
    await this.#connection.close();
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.#connection.status()) {
      if (type === 'disconnect') this.#lose();
      if (type === 'reconnect') this.#return();
    }
  }

  #lose(): void {
    if (this.#back !== undefined) return;
    this.#log.warn({}, 'Lost the connection to NATS');
    this.#back = Promise.withResolvers();
    this.#lost.reject(new LinkLost());
  }

  #return(): void {
    this.#log.info({}, 'Connected to NATS again');
    this.#lost = Promise.withResolvers();
    this.#lost.promise.catch(() => undefined);
    this.#back?.resolve();
    this.#back = undefined;
    for (const wake of this.#onBack) wake();
  }
}
