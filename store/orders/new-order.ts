import { randomInt, randomUUID } from 'node:crypto';
import type { Tx } from 'relearn';
import { type Effect, place } from './order.ts';
import { makeOrderNumber } from './order-number.ts';
import type { Customer, OrderRecord, PlacedOrder } from './order-record.ts';
import { isNumberTaken } from './store.ts';

/** A new order under a number that is free, and what it asks for first. */
export async function newOrder(
  tx: Tx,
  customer: Customer,
  placed: PlacedOrder,
  nowMs: number,
): Promise<{ record: OrderRecord; effects: readonly Effect[] }> {
  const { order, effects } = place();
  const record: OrderRecord = {
    id: randomUUID(),
    number: await freeNumber(tx),
    customer,
    placed,
    order,
    shipment: null,
    revision: 1,
    placedAtMs: nowMs,
    changedAtMs: nowMs,
  };
  return { record, effects };
}

async function freeNumber(tx: Tx): Promise<string> {
  const number = makeOrderNumber((below) => randomInt(below));
  return (await isNumberTaken(tx, number)) ? freeNumber(tx) : number;
}
