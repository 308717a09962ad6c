import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import type { Bus, BusLog } from './bus.ts';
import { BusClosed, DeliveryGroup, type Handle } from './delivery-group.ts';
import { loadNatsPackages, type NatsPackages } from './nats-packages.ts';
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
  readonly #connection: NatsConnection;
  readonly #stream: NatsStream;
  readonly #closing = new AbortController();
  readonly #pace: { backoffMs: number; backoffMsMax: number; signal: AbortSignal };
  readonly #readers = new Map<string, { group: DeliveryGroup; reader: NatsReader }>();

  constructor(
    connection: NatsConnection,
    stream: NatsStream,
    { backoffMs = 50, backoffMsMax = 5_000 }: NatsBusOptions,
  ) {
    this.#connection = connection;
    this.#stream = stream;
    this.#pace = { backoffMs, backoffMsMax, signal: this.#closing.signal };
    void this.#watchConnection();
  }

  /** Resolves once the server has stored the message; one published twice within ten minutes is stored once. */
  async publish(message: Parameters<Bus['publish']>[0]): Promise<void> {
    if (this.#closing.signal.aborted) throw new BusClosed();
    const subject = this.#stream.subjectOf(message.type, message.key);
    await this.#stream.js.publish(subject, JSON.stringify(message), { msgID: message.id, timeout: 5_000 });
  }

  async subscribe({ type, group: name, handle }: Parameters<Bus['subscribe']>[0]): Promise<{ close(): Promise<void> }> {
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
    this.#closing.abort();
    const all = [...this.#readers.values()];
    this.#readers.clear();
    await Promise.all(all.map(({ reader }) => reader.close()));
    await Promise.all(all.map(({ reader }) => reader.settled()));
    await Promise.race([this.#connection.flush(), sleep(1_000, undefined, { ref: false })]).catch(() => undefined);
    await this.#connection.close();
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

  async #watchConnection(): Promise<void> {
    const { log } = this.#stream;
    for await (const status of this.#connection.status()) {
      if (status.type === 'disconnect') log.warn({}, 'Lost the connection to NATS');
      if (status.type !== 'reconnect') continue;
      log.info({}, 'Connected to NATS again');
      for (const { reader } of this.#readers.values()) reader.again();
    }
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
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    pingInterval: 20_000,
    ...(protocol === 'tls:' && { tls: {} }),
    ...(user !== '' && (pass === '' ? { token: user } : { user, pass })),
  };
}
