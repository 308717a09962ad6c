import { setTimeout as sleep } from 'node:timers/promises';
import type { ConsumerInfo, JsMsg } from '@nats-io/jetstream';
import type { BusMessage } from '../contract/event.ts';
import type { DeliveryGroup } from './delivery-group.ts';
import {
  isStillThere,
  type Start,
  type StreamPosition,
  startAt,
  startBeforeLoss,
  startOfTakeOver,
} from './nats-position.ts';
import type { NatsStream } from './nats-stream.ts';

/*
 * 1. One process of a group reads at a time; another takes over when it is gone.
 * 2. Messages are begun in the order of the stream. Whenever one may be missing (a gap in the deliveries, a new connection), the
 *    group's consumer begins anew behind the last one seen, with those that are not handled yet.
 * 3. A message is acknowledged once it is handled: until then the server keeps it for the group.
 * 4. Where a server lost the end of its stream, reading begins well before it: the lost sequences are given to other messages.
 */

/** Messages of a group that may be under way in one process. */
const UNDER_WAY_MAX = 1_000;

/** A message not acknowledged for so long is sent again; ms. */
const ACK_WAIT_MS = 30_000;

/** A server in reach has answered within this time, ms. */
const ANSWER_MS = 250;

/** How often one who stands by looks whether another still reads, ms. */
const STAND_BY_MS = 500;

/** Two looks that find nobody reading are so far apart: a reader's next request follows its last within a round trip. */
const SECOND_LOOK_MS = 100;

export interface NatsReaderOptions {
  readonly stream: NatsStream;
  readonly group: DeliveryGroup;
  /** Names the group of consumers. */
  readonly name: string;
}

/** Reads one group's messages of one type into its members of this process. */
export class NatsReader {
  readonly #stream: NatsStream;
  readonly #group: DeliveryGroup;
  readonly #durable: string;
  readonly #closing = new AbortController();
  readonly #begun = Promise.withResolvers<void>();
  readonly #running: Promise<void>;
  /** Messages that are being handled, or wait to be, by their sequence; in its order. */
  readonly #underWay = new Map<number, Promise<void>>();
  #last: StreamPosition | undefined;
  #nextDelivery = 1;
  #nobodyReads = false;
  #interruption = Promise.withResolvers<void>();

  constructor({ stream, group, name }: NatsReaderOptions) {
    this.#stream = stream;
    this.#group = group;
    this.#durable = `${name}-${group.type}`.replaceAll(/[^\w-]/g, '_');
    this.#running = this.#run();
  }

  /** Resolves once it has tried to read for the first time. */
  begun(): Promise<void> {
    return this.#begun.promise;
  }

  /** To be called when messages may have been missed. */
  again(): void {
    this.#interruption.resolve();
  }

  /** Takes no more messages; does not wait long for a server that does not answer. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#interruption.resolve();
    await Promise.race([this.#running, sleep(ANSWER_MS, undefined, { ref: false })]);
  }

  /** Resolves once all that is under way is handled and acknowledged, or given back by its group. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#interruption = Promise.withResolvers();
      const waitMs = await this.#turn();
      this.#begun.resolve();
      await this.#pause(waitMs * (0.5 + Math.random()));
    }
  }

  /** Reads until it is interrupted, if nobody else does; returns how long to wait before the next turn, ms. */
  async #turn(): Promise<number> {
    try {
      await this.#stream.ensure();
      const known = await this.#stream.consumer(this.#durable);
      if (known !== undefined && known.num_waiting > 0) return this.#standBy();
      const isSure = known === undefined || this.#last !== undefined || this.#nobodyReads;
      this.#nobodyReads = true;
      if (isSure && !this.#closing.signal.aborted) await this.#read(known);
      return SECOND_LOOK_MS;
    } catch (error) {
      if (!this.#closing.signal.aborted)
        this.#stream.log.warn({ err: error, consumer: this.#durable }, 'reading events');
      return STAND_BY_MS;
    }
  }

  /** What this process has seen is of no use once another reads on. */
  #standBy(): number {
    this.#last = undefined;
    this.#nobodyReads = false;
    return STAND_BY_MS;
  }

  async #pause(waitMs: number): Promise<void> {
    const enough = new AbortController();
    await Promise.race([
      sleep(waitMs, undefined, { signal: enough.signal }).catch(() => undefined),
      this.#interruption.promise,
    ]);
    enough.abort();
  }

  async #read(known: ConsumerInfo | undefined): Promise<void> {
    const start = await this.#start(known);
    if (start === undefined) this.#nextDelivery = (known?.delivered.consumer_seq ?? 0) + 1;
    else await this.#beginAnew(known, start);
    const consumer = await this.#stream.js.consumers.get(this.#stream.name, this.#durable);
    let isReading = true;
    const messages = await consumer.consume({
      max_messages: 200,
      abort_on_missing_resource: true,
      callback: (message) => {
        if (isReading) this.#take(message);
      },
    });
    this.#begun.resolve();
    await Promise.race([this.#interruption.promise, messages.closed()]);
    isReading = false;
    messages.stop();
  }

  /** Undefined for "where the consumer stands". */
  async #start(known: ConsumerInfo | undefined): Promise<Start | undefined> {
    const { jsm, name, log } = this.#stream;
    if (this.#last === undefined) return startOfTakeOver(jsm, name, known);
    if (await isStillThere(jsm, name, this.#last)) {
      const [firstUnderWay] = this.#underWay.keys();
      return startAt(firstUnderWay ?? this.#last.sequence + 1);
    }
    log.error({ consumer: this.#durable, last: this.#last }, 'the server lost events that it had delivered');
    this.#last = undefined;
    this.#underWay.clear();
    return startBeforeLoss(Date.now());
  }

  async #beginAnew(known: ConsumerInfo | undefined, start: Start): Promise<void> {
    const { jsm, name, nanosOf } = this.#stream;
    if (known !== undefined) await jsm.consumers.delete(name, this.#durable);
    await jsm.consumers.add(name, {
      durable_name: this.#durable,
      filter_subject: this.#stream.subjectsOf(this.#group.type),
      ack_policy: 'explicit',
      ack_wait: nanosOf(ACK_WAIT_MS),
      max_ack_pending: UNDER_WAY_MAX,
      ...start,
    });
    this.#nextDelivery = 1;
  }

  #take(message: JsMsg): void {
    const { streamSequence: sequence, deliverySequence } = message.info;
    if (deliverySequence !== this.#nextDelivery) {
      this.again();
      return;
    }
    this.#nextDelivery++;
    if (this.#last === undefined || sequence > this.#last.sequence) this.#takeNew(message);
    else if (!this.#underWay.has(sequence)) message.ack();
  }

  #takeNew(message: JsMsg): void {
    const { streamSequence: sequence } = message.info;
    this.#last = { sequence, messageId: message.headers?.get('Nats-Msg-Id') ?? '' };
    const content = contentOf(message, this.#group.type);
    if (content === undefined) this.#refuse(message);
    else this.#underWay.set(sequence, this.#deliver(message, content));
  }

  #refuse(message: JsMsg): void {
    this.#stream.log.error({ subject: message.subject, sequence: message.seq }, 'not an event; it is passed over');
    message.term();
  }

  /** What the group gives back stays unacknowledged. */
  async #deliver(message: JsMsg, content: BusMessage): Promise<void> {
    try {
      await this.#group.deliver(content);
    } catch {
      return;
    }
    this.#underWay.delete(message.info.streamSequence);
    message.ack();
  }
}

/** Undefined when it is no event of the type. */
function contentOf(message: JsMsg, type: string): BusMessage | undefined {
  try {
    const content = message.json<BusMessage>();
    const isEvent = content.type === type && typeof content.id === 'string' && typeof content.key === 'string';
    return isEvent ? content : undefined;
  } catch {
    return undefined;
  }
}
