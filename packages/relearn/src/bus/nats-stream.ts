import { createHash } from 'node:crypto';
import type { ConsumerInfo, JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { BusLog } from './bus.ts';
import type { NatsPackages } from './nats-packages.ts';

/** Events are kept this long for groups that are away; shorter than an inbox remembers what it took. */
const KEPT_MS = 7 * 24 * 60 * 60_000;

/** A message published again within this time is recognised by its id. */
const DUPLICATE_MS = 10 * 60_000;

/** The one stream that holds all events: `events.<type>.<key>`. */
export class NatsStream {
  readonly name: string;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly log: BusLog;
  readonly nanosOf: (ms: number) => number;
  readonly #isApiError: (error: unknown) => error is Error & { readonly code: number };

  constructor(name: string, jsm: JetStreamManager, { transport, jetstream }: NatsPackages, log: BusLog) {
    this.name = name;
    this.jsm = jsm;
    this.js = jsm.jetstream();
    this.log = log;
    this.nanosOf = transport.nanos;
    this.#isApiError = (error) => error instanceof jetstream.JetStreamApiError;
  }

  static async open(
    connection: NatsConnection,
    name: string,
    packages: NatsPackages,
    log: BusLog,
  ): Promise<NatsStream> {
    const jsm = await packages.jetstream.jetstreamManager(connection);
    const stream = new NatsStream(name, jsm, packages, log);
    await stream.ensure();
    return stream;
  }

  /** Makes the stream where there is none; one that is there stays as its operators want it. */
  async ensure(): Promise<void> {
    if ((await this.#unlessMissing(STREAM_NOT_FOUND, this.jsm.streams.info(this.name))) !== undefined) return;
    await this.jsm.streams.add({
      name: this.name,
      subjects: [`${this.name}.>`],
      storage: 'file',
      max_age: this.nanosOf(KEPT_MS),
      duplicate_window: this.nanosOf(DUPLICATE_MS),
    });
  }

  /** Undefined where there is none. */
  consumer(durable: string): Promise<ConsumerInfo | undefined> {
    return this.#unlessMissing(CONSUMER_NOT_FOUND, this.jsm.consumers.info(this.name, durable));
  }

  /** Id of the last message of a type and key; undefined where there is none. */
  async lastIdOf(type: string, key: string): Promise<string | undefined> {
    await this.ensure();
    const found = await this.jsm.streams.getMessage(this.name, { last_by_subj: this.subjectOf(type, key) });
    return found?.header.get('Nats-Msg-Id');
  }

  subjectOf(type: string, key: string): string {
    return `${this.name}.${type}.${tokenOf(key)}`;
  }

  /** Of all keys. */
  subjectsOf(type: string): string {
    return `${this.name}.${type}.*`;
  }

  async #unlessMissing<T>(code: number, pending: Promise<T>): Promise<T | undefined> {
    try {
      return await pending;
    } catch (error) {
      if (this.#isApiError(error) && error.code === code) return undefined;
      throw error;
    }
  }
}

const STREAM_NOT_FOUND = 10_059;
const CONSUMER_NOT_FOUND = 10_014;

/** The key as a subject may hold it; another text for each key. */
function tokenOf(key: string): string {
  return /^[\w-]{1,64}$/.test(key) ? key : `=${createHash('sha256').update(key).digest('base64url')}`;
}
