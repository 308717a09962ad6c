import fc from 'fast-check';
import { type ClientOf, consumer, contract, service, startHost } from 'relearn';
import { manualClock, temporaryHome } from 'relearn/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { catalogContract, productChanged } from './contract.ts';
import catalog from './main.ts';

type Client = ClientOf<typeof catalogContract>;

const MINUTE_MS = 60_000;
const price = { amountMinor: 1999, currency: 'EUR' };

async function shop(stock: Readonly<Record<string, number>>) {
  const home = await temporaryHome();
  const told: [string, number][] = [];
  const clock = manualClock();
  const listener = service({
    contract: contract({
      name: 'listener',
      title: 'Listener',
      description: 'Hears.',
      version: '1.0.0',
      operations: {},
    }),
    setup: () => ({
      handlers: {},
      consumers: [
        consumer({
          event: productChanged,
          handle: async ({ id, stock }) => void told.push([id, stock]),
        }),
      ],
    }),
  });
  const host = await startHost({
    services: [catalog, listener],
    home: home.path,
    listen: false,
    clock,
    env: { LOG_LEVEL: 'silent' },
  });
  onTestFinished(async () => {
    await host.close();
    await home[Symbol.asyncDispose]();
  });
  const client = host.client(catalogContract);
  const products = Object.entries(stock).map(([id, pieces]) => ({ id, title: id, price, stock: pieces }));
  await client.upsertProducts({ body: { products } });
  return { client, told, clock };
}

function reserve(client: Client, id: string, wanted: Readonly<Record<string, number>>) {
  const lines = Object.entries(wanted).map(([productId, quantity]) => ({ productId, quantity }));
  return client.reserveStock({ params: { id }, body: { lines, keptMs: MINUTE_MS } });
}

async function stockOf(client: Client, id: string): Promise<number | undefined> {
  return (await client.getProduct({ params: { id } })).stock;
}

describe('a reservation', () => {
  it('takes stock, sells it once committed, and gives it back when released, even then', async () => {
    const { client } = await shop({ mug: 5 });
    const params = { id: 'order-1' };
    expect(await reserve(client, 'order-1', { mug: 2 })).toMatchObject({
      state: 'held',
      expiresAtMs: expect.any(Number),
    });
    expect(await stockOf(client, 'mug')).toBe(3);
    expect(await client.commitReservation({ params })).toMatchObject({ state: 'committed', expiresAtMs: null });
    expect(await stockOf(client, 'mug')).toBe(3);
    expect(await client.releaseReservation({ params })).toMatchObject({ state: 'released' });
    expect(await stockOf(client, 'mug')).toBe(5);
  });

  it('is refused whole, with the lines that there is too little of', async () => {
    const { client } = await shop({ mug: 5, lamp: 1, clock: 9 });
    await client.retireProduct({ params: { id: 'clock' } });
    await expect(reserve(client, 'order-1', { mug: 2, lamp: 2, clock: 1, ghost: 3 })).rejects.toMatchObject({
      code: 'catalog.stock-insufficient',
      data: {
        shortages: [
          { productId: 'clock', asked: 1, available: 0 },
          { productId: 'ghost', asked: 3, available: 0 },
          { productId: 'lamp', asked: 2, available: 1 },
        ],
      },
    });
    expect(await stockOf(client, 'mug')).toBe(5);
    expect(await reserve(client, 'order-1', { mug: 2 })).toMatchObject({ state: 'held' });
  });

  it('counts lines of one product together', async () => {
    const { client } = await shop({ mug: 5 });
    const lines = [3, 3].map((quantity) => ({ productId: 'mug', quantity }));
    await expect(
      client.reserveStock({ params: { id: 'order-1' }, body: { lines, keptMs: MINUTE_MS } }),
    ).rejects.toMatchObject({ data: { shortages: [{ productId: 'mug', asked: 6, available: 5 }] } });
  });

  it('answers every repeat alike', async () => {
    const { client } = await shop({ mug: 5 });
    const params = { id: 'order-1' };
    const first = await reserve(client, 'order-1', { mug: 2 });
    expect(await reserve(client, 'order-1', { mug: 2 })).toEqual(first);
    const committed = await client.commitReservation({ params });
    expect(await client.commitReservation({ params })).toEqual(committed);
    expect(await reserve(client, 'order-1', { mug: 2 })).toEqual(committed);
    const released = await client.releaseReservation({ params });
    expect(await client.releaseReservation({ params })).toEqual(released);
    expect(await stockOf(client, 'mug')).toBe(5);
  });

  it('of other lines is refused under the same id', async () => {
    const { client } = await shop({ mug: 5 });
    await reserve(client, 'order-1', { mug: 2 });
    await expect(reserve(client, 'order-1', { mug: 1 })).rejects.toMatchObject({ code: 'catalog.reservation-differs' });
  });

  it('that nobody commits expires, and stays expired', async () => {
    const { client, clock } = await shop({ mug: 5 });
    const params = { id: 'order-1' };
    await reserve(client, 'order-1', { mug: 2 });
    await reserve(client, 'order-2', { mug: 2 });
    await client.commitReservation({ params: { id: 'order-2' } });
    clock.advance(MINUTE_MS - 1);
    expect(await stockOf(client, 'mug')).toBe(1);
    clock.advance(1);
    await vi.waitFor(async () => expect(await stockOf(client, 'mug')).toBe(3), 5_000);
    const ended = { code: 'catalog.reservation-ended', data: { state: 'expired' } };
    await expect(client.commitReservation({ params })).rejects.toMatchObject(ended);
    await expect(reserve(client, 'order-1', { mug: 2 })).rejects.toMatchObject(ended);
    await client.releaseReservation({ params });
    expect(await stockOf(client, 'mug')).toBe(3);
    expect(await client.getReservation({ params: { id: 'order-2' } })).toMatchObject({ state: 'committed' });
  });

  it('that arrives after its release is refused', async () => {
    const { client } = await shop({ mug: 5 });
    const params = { id: 'order-1' };
    expect(await client.releaseReservation({ params })).toMatchObject({ state: 'released', lines: [] });
    const ended = { code: 'catalog.reservation-ended', data: { state: 'released' } };
    await expect(reserve(client, 'order-1', { mug: 2 })).rejects.toMatchObject(ended);
    await expect(client.commitReservation({ params })).rejects.toMatchObject(ended);
    expect(await stockOf(client, 'mug')).toBe(5);
  });

  it('that was never made is not found', async () => {
    const { client } = await shop({ mug: 1 });
    const params = { id: 'order-1' };
    for (const call of [client.getReservation({ params }), client.commitReservation({ params })]) {
      await expect(call).rejects.toMatchObject({ code: 'catalog.reservation-not-found' });
    }
  });

  it('leaves what an operator writes meanwhile alone', async () => {
    const { client } = await shop({ mug: 5 });
    await reserve(client, 'order-1', { mug: 4 });
    await client.changeProduct({ params: { id: 'mug' }, body: { stock: 2 } });
    await client.releaseReservation({ params: { id: 'order-1' } });
    expect(await stockOf(client, 'mug')).toBe(6);
  });

  it('is told to others when a product runs out and when it comes back, and only then', async () => {
    const { client, told } = await shop({ mug: 3 });
    await reserve(client, 'order-1', { mug: 1 });
    await reserve(client, 'order-2', { mug: 2 });
    await client.releaseReservation({ params: { id: 'order-1' } });
    await client.releaseReservation({ params: { id: 'order-2' } });
    await vi.waitFor(() => expect(told.at(-1)).toEqual(['mug', 1]), 5_000);
    expect(told).toEqual([
      ['mug', 3],
      ['mug', 0],
      ['mug', 1],
    ]);
  });
});

describe('reservations side by side', () => {
  it('never sell what is not there, nor lose a piece', async () => {
    const { client } = await shop({ mug: 1 });
    const step = fc.record({
      does: fc.constantFrom('reserve', 'reserve', 'commit', 'release'),
      order: fc.integer({ min: 0, max: 7 }),
    });
    const wishes = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 8, maxLength: 8 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(6),
        fc.nat(6),
        wishes,
        fc.array(step, { minLength: 30, maxLength: 60 }),
        async (mugs, lamps, wanted, steps) => {
          const [mug, lamp] = [`mug-${++run}`, `lamp-${run}`];
          const products = [
            { id: mug, title: mug, price, stock: mugs },
            { id: lamp, title: lamp, price, stock: lamps },
          ];
          await client.upsertProducts({ body: { products } });
          const perform = ({ does, order }: { does: string; order: number }) => {
            const id = `order-${run}-${order}`;
            const [ofMug, ofLamp] = wanted[order]!;
            if (does === 'reserve') return reserve(client, id, { [mug]: ofMug + 1, [lamp]: ofLamp + 1 });
            return does === 'commit'
              ? client.commitReservation({ params: { id } })
              : client.releaseReservation({ params: { id } });
          };
          await Promise.allSettled(steps.map(perform));
          let [heldMugs, heldLamps] = [0, 0];
          for (const [order, [ofMug, ofLamp]] of wanted.entries()) {
            const params = { id: `order-${run}-${order}` };
            const kept = await client.getReservation({ params }).catch(() => undefined);
            if (kept?.state !== 'held' && kept?.state !== 'committed') continue;
            heldMugs += ofMug + 1;
            heldLamps += ofLamp + 1;
          }
          expect(await stockOf(client, mug)).toBe(mugs - heldMugs);
          expect(await stockOf(client, lamp)).toBe(lamps - heldLamps);
        },
      ),
      { numRuns: 60 },
    );
  });
});
