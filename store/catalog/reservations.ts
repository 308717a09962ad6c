import { isDeepStrictEqual } from 'node:util';
import { type HandlersOf, ProblemError, type ServiceContext, type Tx } from 'relearn';
import {
  type catalogContract,
  type Reservation,
  reservationDiffers,
  reservationEnded,
  reservationNotFound,
  stockInsufficient,
} from './contract.ts';
import {
  availableStock,
  type KeptReservation,
  moveStock,
  readReservation,
  writeReservation,
} from './reservations-store.ts';

type ReservationHandlers = Pick<
  HandlersOf<typeof catalogContract>,
  'reserveStock' | 'getReservation' | 'commitReservation' | 'releaseReservation'
>;

/** The job of `expire-reservation.ts`. */
const expiry = { name: 'expire-reservation' };

/**
 * Stock taken for orders.
 *
 * 1. `stock` of a product is what nobody has reserved; it never falls below zero, for a reservation is made whole or not at all, in one transaction.
 * 2. A reservation ends once: committed, released or expired. A committed one can still be released, when its order is undone.
 * 3. Every step may be repeated; an id that was released stays barred, so that a reservation which arrives after its release is refused.
 */
export function reservationHandlers({ store, clock }: Pick<ServiceContext, 'store' | 'clock'>): ReservationHandlers {
  return {
    reserveStock: ({ params: { id }, body: { lines, keptMs } }) =>
      store.transact(async (tx) => {
        const wanted = sumByProduct(lines);
        const known = await readReservation(tx, id);
        if (known !== undefined) return shown(repeated(known, wanted));
        return shown(await reserve(tx, { id, state: 'held', lines: wanted, expiresAtMs: clock() + keptMs }, clock()));
      }),

    getReservation: async ({ params: { id } }) => shown(found(await readReservation(store, id), id)),

    commitReservation: ({ params: { id } }) =>
      store.transact(async (tx) => {
        const reservation = found(await readReservation(tx, id), id);
        if (reservation.state === 'held') return shown(await become(tx, reservation, 'committed'));
        return shown(notEnded(reservation));
      }),

    releaseReservation: ({ params: { id } }) =>
      store.transact(async (tx) => {
        const known = await readReservation(tx, id);
        const reservation = known ?? { id, state: 'released', lines: [], expiresAtMs: clock() };
        return shown(await release(tx, reservation, clock()));
      }),
  };
}

/** Ends a reservation that is still held when its time has come; any other stays as it is. */
export async function expire(tx: Tx, id: string, nowMs: number): Promise<void> {
  const reservation = await readReservation(tx, id);
  if (reservation?.state !== 'held') return;
  await giveBack(tx, reservation, nowMs);
  await become(tx, reservation, 'expired');
}

async function reserve(tx: Tx, reservation: KeptReservation, nowMs: number): Promise<KeptReservation> {
  const shortages = [];
  for (const { productId, quantity } of reservation.lines) {
    const available = await availableStock(tx, productId);
    if (available < quantity) shortages.push({ productId, asked: quantity, available });
  }
  if (shortages.length > 0) throw new ProblemError(stockInsufficient, { data: { shortages } });
  for (const { productId, quantity } of reservation.lines) await moveStock(tx, productId, -quantity, nowMs);
  await writeReservation(tx, reservation);
  const { id, expiresAtMs } = reservation;
  await tx.schedule(expiry, { id }, { key: id, atMs: expiresAtMs });
  return reservation;
}

async function release(tx: Tx, reservation: KeptReservation, nowMs: number): Promise<KeptReservation> {
  if (reservation.state === 'held' || reservation.state === 'committed') await giveBack(tx, reservation, nowMs);
  return become(tx, reservation, 'released');
}

async function giveBack(tx: Tx, { lines }: KeptReservation, nowMs: number): Promise<void> {
  for (const { productId, quantity } of lines) await moveStock(tx, productId, quantity, nowMs);
}

async function become(tx: Tx, from: KeptReservation, state: Reservation['state']): Promise<KeptReservation> {
  await tx.unschedule(expiry, from.id);
  const next = { ...from, state };
  await writeReservation(tx, next);
  return next;
}

function repeated(known: KeptReservation, wanted: Reservation['lines']): KeptReservation {
  const reservation = notEnded(known);
  if (isDeepStrictEqual(reservation.lines, wanted)) return reservation;
  throw new ProblemError(reservationDiffers, { detail: `Reservation ${known.id} is of other lines.` });
}

function notEnded(reservation: KeptReservation): KeptReservation {
  const { id, state } = reservation;
  if (state === 'held' || state === 'committed') return reservation;
  throw new ProblemError(reservationEnded, { detail: `Reservation ${id} is ${state}.`, data: { state } });
}

function found(reservation: KeptReservation | undefined, id: string): KeptReservation {
  if (reservation !== undefined) return reservation;
  throw new ProblemError(reservationNotFound, { detail: `There is no reservation ${id}.` });
}

/** One line a product, in the order of their ids: the same wishes look the same. */
function sumByProduct(lines: Reservation['lines']): Reservation['lines'] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  return Array.from(quantities, ([productId, quantity]) => ({ productId, quantity })).sort((one, other) =>
    one.productId < other.productId ? -1 : 1,
  );
}

function shown({ id, state, lines, expiresAtMs }: KeptReservation): Reservation {
  return { id, state, lines, expiresAtMs: state === 'held' ? expiresAtMs : null };
}
