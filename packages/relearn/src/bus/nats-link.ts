import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import type { BusLog } from './bus.ts';

/** Wait before a check that failed is made again, ms. */
const CHECK_AGAIN_MS = 250;

/** Thrown into what a lost connection cuts short. */
class LinkLost extends Error {}

/** A connection that comes and goes: what is to be asked over it waits for it, and is asked again when it is lost meanwhile. */
export class NatsLink {
  readonly #connection: NatsConnection;
  readonly #log: BusLog;
  readonly #checks = new Set<() => Promise<boolean>>();
  readonly #onBack: () => void;
  #lost = lossToCome();
  #back: PromiseWithResolvers<void> | undefined;
  /** Counts disconnections and returns. */
  #changes = 0;
  /** Counts returns after which a check found something lost. */
  #losses = 0;

  /** `onBack` is called whenever the connection is back and checked. */
  constructor(connection: NatsConnection, log: BusLog, onBack: () => void) {
    this.#connection = connection;
    this.#log = log;
    this.#onBack = onBack;
    void this.#watch();
  }

  /** Why nothing can be asked now; undefined while something can. */
  health(): string | undefined {
    return this.#back === undefined ? undefined : 'there is no connection to NATS';
  }

  /** Calls `check` when the connection is back, before anything is asked over it again; true means that something was lost. */
  onReturn(check: () => Promise<boolean>): () => void {
    this.#checks.add(check);
    return () => this.#checks.delete(check);
  }

  /** As `ask`, which is repeated where the connection was lost, but refused where a check found a loss meanwhile; rejects once `signal` aborts. */
  async ask<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const losses = this.#losses;
    for (;;) {
      await this.#back?.promise;
      signal.throwIfAborted();
      if (this.#losses !== losses) throw new Error('NATS lost events, which are to be published before this one.');
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
      await Promise.race([this.#connection.flush(), this.#lost.promise]).catch(() => undefined);
    this.#back?.resolve();
    await this.#connection.close();
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.#connection.status()) {
      if (type === 'disconnect') this.#lose();
      if (type === 'reconnect') void this.#return(++this.#changes);
    }
  }

  #lose(): void {
    this.#changes++;
    if (this.#back !== undefined) return;
    this.#log.warn({}, 'Lost the connection to NATS');
    this.#back = Promise.withResolvers();
    this.#lost.reject(new LinkLost());
  }

  async #return(change: number): Promise<void> {
    const isLost = await this.#checked(change);
    if (isLost === undefined) return;
    this.#log.info({}, 'Connected to NATS again');
    if (isLost) this.#losses++;
    this.#lost = lossToCome();
    this.#back?.resolve();
    this.#back = undefined;
    this.#onBack();
  }

  /** Whether something was lost; undefined when the connection has changed again meanwhile. */
  async #checked(change: number): Promise<boolean | undefined> {
    while (change === this.#changes && !this.#connection.isClosed()) {
      try {
        const losses = await Promise.all(Array.from(this.#checks, (check) => check()));
        return change === this.#changes ? losses.includes(true) : undefined;
      } catch (error) {
        this.#log.warn({ err: error }, 'NATS is back, but does not answer yet');
        await sleep(CHECK_AGAIN_MS);
      }
    }
    return undefined;
  }
}

function lossToCome(): PromiseWithResolvers<never> {
  const loss = Promise.withResolvers<never>();
  loss.promise.catch(() => undefined);
  return loss;
}
