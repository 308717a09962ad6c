import type { ConsumerConfig, ConsumerInfo, JetStreamManager } from '@nats-io/jetstream';

/** Where a message lies in the stream, and which it is. */
export interface StreamPosition {
  readonly sequence: number;
  readonly messageId: string;
}

/** How far a server may fall back when its machine loses power, with NATS's own `sync_interval` of two minutes, and some more; ms. */
export const UNSYNCED_MS = 10 * 60_000;

/** A part of a consumer's configuration: where it begins. */
export type Start = Pick<ConsumerConfig, 'deliver_policy'> & Partial<ConsumerConfig>;

/** True when the stream holds, where it was, the message that was there; false when the stream's end was lost and perhaps written anew. */
export async function isStillThere(
  jsm: JetStreamManager,
  stream: string,
  { sequence, messageId }: StreamPosition,
): Promise<boolean> {
  const { state } = await jsm.streams.info(stream);
  if (sequence > state.last_seq) return false;
  if (sequence < state.first_seq) return true;
  const kept = await jsm.streams.getMessage(stream, { seq: sequence });
  return kept === null || kept.header.get('Nats-Msg-Id') === messageId;
}

/** After the loss of its end: from the last message that was surely kept. What comes again is known to the inbox. */
export function startBeforeLoss(nowMs: number): Start {
  return { deliver_policy: 'by_start_time', opt_start_time: new Date(nowMs - UNSYNCED_MS).toISOString() };
}

/**
 * Where a process begins that takes over a group; undefined for "where its consumer stands". Messages that were delivered and not
 * acknowledged would come again only after a while, behind newer ones of their keys: the consumer begins anew with the first of them.
 */
export async function startOfTakeOver(
  jsm: JetStreamManager,
  stream: string,
  known: ConsumerInfo | undefined,
): Promise<Start | undefined> {
  if (known === undefined) return { deliver_policy: 'all' };
  const { state } = await jsm.streams.info(stream);
  if (known.delivered.stream_seq > state.last_seq) return startBeforeLoss(Date.now());
  return known.num_ack_pending === 0 ? undefined : startAt(known.ack_floor.stream_seq + 1);
}

export function startAt(sequence: number): Start {
  return { deliver_policy: 'by_start_sequence', opt_start_seq: sequence };
}
