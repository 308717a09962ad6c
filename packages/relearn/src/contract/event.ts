import type { Static, TSchema } from 'typebox';

/** A fact a service publishes. `type` is past tense with a version: `product.changed.v1`. */
export interface EventType<Payload extends TSchema = TSchema> {
  readonly type: string;
  readonly summary: string;
  readonly payload: Payload;
  /** Events of one key are delivered in the order of their commits. */
  key(payload: Static<Payload>): string;
}

export type PayloadOf<E extends EventType> = Static<E['payload']>;

/** The envelope in which an event travels. */
export interface BusMessage<Payload = unknown> {
  /** UUID v7, given when the event is written to the outbox; what the inbox remembers. */
  readonly id: string;
  readonly type: string;
  readonly key: string;
  /** Service that published it. */
  readonly source: string;
  readonly atMs: number;
  /** W3C trace context of the request that caused it. */
  readonly traceparent?: string;
  readonly payload: Payload;
}

export function event<const Payload extends TSchema>(declared: {
  readonly type: string;
  readonly summary: string;
  readonly payload: Payload;
  readonly key: (payload: Static<Payload>) => string;
}): EventType<Payload> {
  return Object.freeze(declared);
}
