import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import type { BusMessage } from '../contract/event.ts';
import type { Bus, BusLog, RecentLoss } from './bus.ts';
import { BusClosed, DeliveryGroup, type DeliveryPace, type Handle } from './delivery-group.ts';
import { NatsLink } from './nats-link.ts';
import { loadNatsPackages, type NatsPackages } from './nats-packages.ts';
import { UNSYNCED_MS } from './nats-position.ts';
import { NatsReader } from './nats-reader.ts';
import { NatsStream } from './nats-stream.ts';

export interface NatsBusOptions {
  /** `nats://host:4222`, several of one cluster with commas between; `tls://` encrypts; `nats://user:password@host` or `nats://token@host`. */
  readonly url: string;
  readonly log: BusLog;
  /** Name of the stream, and first part of its subjects; `events`. */
  readonly stream?: string;
  /** How long to wait for a server that does not answer yet, ms; 30,000. */
  readonly connectMsMax?: number;
  /** Wait before the second delivery, doubled with each failure. */
  readonly backoffMs?: number;
  readonly backoffMsMax?: number;
}

type Subscription = Parameters<Bus['subscribe']>[0];

/** A server that does not store a message in this time has not taken it, ms. */
const PUBLISH_MS_MAX = 5_000;

/** No server answered in time. */
export class BusUnreachable extends Error {
  override readonly name = 'BusUnreachable';
}

/**
 * A bus over NATS JetStream: messages outlive this process, and reach others. A group that was never there before gets what the stream still
 * holds. Once connected it reconnects for ever; what cannot be published meanwhile stays in the outbox.
 *
 * @throws PackageMissing, BusUnreachable
 */
export async function openNatsBus(options: NatsBusOptions): Promise<Bus> {
  const packages = await loadNatsPackages();
  const connection = await connected(packages, options);
  try {
    const stream = await NatsStream.open(connection, options.stream ?? 'events', packages, options.log);
    return new NatsBus(connection, stream, options);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

class NatsBus implements Bus {
  readonly #link: NatsLink;
  readonly #stream: NatsStream;
  readonly #closing = new AbortController();
  readonly #pace: DeliveryPace;
  readonly #readers = new Map<string, { group: DeliveryGroup; reader: NatsReader }>();

  readonly recentLoss: RecentLoss;

  constructor(
    connection: NatsConnection,
    stream: NatsStream,
    { log, backoffMs = 50, backoffMsMax = 5_000 }: NatsBusOptions,
  ) {
    this.#link = new NatsLink(connection, log, () => {
      for (const { reader } of this.#readers.values()) reader.again();
    });
    this.#stream = stream;
    this.recentLoss = {
      lossMs: UNSYNCED_MS,
      lastIdOf: (type, key) => stream.lastIdOf(type, key),
      onReturn: (check) => this.#link.onReturn(check),
    };
    this.#pace = { backoffMs, backoffMsMax, signal: this.#closing.signal };
  }

  /** Resolves once the server has stored the message; waits while there is no connection. What is published twice within ten minutes is stored once. */
  async publish(message: BusMessage): Promise<void> {
    const { js } = this.#stream;
    const subject = this.#stream.subjectOf(message.type, message.key);
    const options = { msgID: message.id, timeout: PUBLISH_MS_MAX };
    const { signal } = this.#closing;
    if (signal.aborted) throw new BusClosed();
    try {
      await this.#link.ask(() => js.publish(subject, JSON.stringify(message), options), signal);
    } catch (error) {
      if (signal.aborted) throw new BusClosed();
      await this.#stream.ensure();
      throw error;
    }
  }

  health(): string | undefined {
    return this.#link.health();
  }

  async subscribe({ type, group: name, handle }: Subscription): Promise<{ close(): Promise<void> }> {
    if (this.#closing.signal.aborted) throw new BusClosed();
    const key = `${type} ${name}`;
    const member: Handle = (message) => handle(message);
    const known = this.#readers.get(key);
    if (known !== undefined) {
      known.group.join(member);
      return { close: () => this.#leave(key, member) };
    }
    const group = new DeliveryGroup(type, this.#pace);
    group.join(member);
    const reader = new NatsReader({ stream: this.#stream, group, name });
    this.#readers.set(key, { group, reader });
    await reader.begun();
    return { close: () => this.#leave(key, member) };
  }

  async close(): Promise<void> {
    this.#closing.abort(new BusClosed());
    const all = [...this.#readers.values()];
    this.#readers.clear();
    await Promise.all(all.map(({ reader }) => reader.close()));
    await Promise.all(all.map(({ reader }) => reader.settled()));
    await this.#link.close();
  }

  async #leave(key: string, member: Handle): Promise<void> {
    const left = this.#readers.get(key);
    if (left === undefined) return;
    const { group, reader } = left;
    if (group.memberCount === 1) {
      this.#readers.delete(key);
      await reader.close();
    }
    await group.leave(member);
    if (group.memberCount === 0) await reader.settled();
  }
}

async function connected(
  { transport }: NatsPackages,
  { url, log, connectMsMax = 30_000 }: NatsBusOptions,
): Promise<NatsConnection> {
  const giveUpAtMs = performance.now() + connectMsMax;
  const options = connectionOptions(url);
  for (let tries = 1; ; tries++) {
    try {
      return await transport.connect(options);
    } catch (error) {
      const servers = String(options.servers);
      if (performance.now() >= giveUpAtMs)
        throw new BusUnreachable(`No NATS server answers at ${servers}: ${String(error)}`, { cause: error });
      if (tries === 1) log.warn({ err: error, servers }, 'Waiting for NATS');
      await sleep(250);
    }
  }
}

/** @throws TypeError when an address is none. */
function connectionOptions(url: string): NodeConnectionOptions {
  const addresses = url.split(',').map((address) => new URL(address.trim()));
  const [{ username, password, protocol } = new URL(url)] = addresses;
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  return {
    servers: addresses.map(({ host }) => host),
    name: 'relearn',
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    pingInterval: 20_000,
    ...(protocol === 'tls:' && { tls: {} }),
    ...(user !== '' && (pass === '' ? { token: user } : { user, pass })),
  };
}
