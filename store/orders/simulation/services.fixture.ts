import { Process, type World } from './world.fixture.ts';

type ReservationState = 'held' | 'committed' | 'released' | 'expired';
export type Lines = ReadonlyMap<string, number>;

/** The catalog's stock as the saga relies on it: one step at a time, repeats answered alike, released for good. */
export class SimulatedCatalog {
  readonly process: Process;
  readonly stock: Map<string, number>;
  readonly reservations = new Map<string, { state: ReservationState; lines: Lines }>();
  readonly #world: World;

  constructor(world: World, stock: ReadonlyMap<string, number>) {
    this.process = new Process(world);
    this.stock = new Map(stock);
    this.#world = world;
  }

  reserve(id: string, lines: Lines, keptMs: number): 'held' | 'insufficient' {
    const known = this.reservations.get(id);
    if (known !== undefined) return known.state === 'held' || known.state === 'committed' ? 'held' : 'insufficient';
    if ([...lines].some(([product, quantity]) => this.stock.get(product)! < quantity)) return 'insufficient';
    this.#move(lines, -1);
    this.reservations.set(id, { state: 'held', lines });
    this.#world.after(keptMs, () => this.#expire(id));
    return 'held';
  }

  commit(id: string): 'committed' | 'lost' {
    const reservation = this.reservations.get(id);
    if (reservation?.state === 'held') reservation.state = 'committed';
    return reservation?.state === 'committed' ? 'committed' : 'lost';
  }

  release(id: string): 'released' {
    const reservation = this.reservations.get(id);
    if (reservation?.state === 'held' || reservation?.state === 'committed') this.#move(reservation.lines, 1);
    this.reservations.set(id, { state: 'released', lines: reservation?.lines ?? new Map() });
    return 'released';
  }

  #expire(id: string): void {
    const reservation = this.reservations.get(id)!;
    if (reservation.state !== 'held') return;
    this.#move(reservation.lines, 1);
    reservation.state = 'expired';
  }

  #move(lines: Lines, sign: 1 | -1): void {
    for (const [product, quantity] of lines) this.stock.set(product, this.stock.get(product)! + sign * quantity);
  }
}

type IntentState = 'open' | 'authorised' | 'captured' | 'cancelled' | 'refunded';
export type Webhook = { readonly kind: IntentState } | { readonly kind: 'declined'; attempt: number };

type Deliver = (id: string, webhook: Webhook, acknowledge: () => void) => void;

interface Intent {
  state: IntentState;
  attempts: number;
  captures: number;
  refunds: number;
}

/** A payment provider: every change is told by a webhook that is sent until it is acknowledged, or given up. */
export class SimulatedPayment {
  readonly process: Process;
  readonly intents = new Map<string, Intent>();
  readonly #world: World;
  readonly #deliver: Deliver;

  constructor(world: World, deliver: Deliver) {
    this.process = new Process(world);
    this.#world = world;
    this.#deliver = deliver;
  }

  open(id: string): void {
    if (!this.intents.has(id)) this.intents.set(id, { state: 'open', attempts: 0, captures: 0, refunds: 0 });
  }

  pay(id: string, cardIsGood: boolean): void {
    const intent = this.intents.get(id)!;
    if (intent.state !== 'open') return;
    intent.attempts++;
    if (cardIsGood) this.#become(id, 'authorised');
    else this.#tell(id, { kind: 'declined', attempt: intent.attempts });
  }

  capture(id: string): IntentState {
    const intent = this.intents.get(id)!;
    if (intent.state !== 'authorised') return intent.state;
    intent.captures++;
    return this.#become(id, 'captured');
  }

  cancel(id: string): IntentState {
    const { state } = this.intents.get(id)!;
    return state === 'open' || state === 'authorised' ? this.#become(id, 'cancelled') : state;
  }

  refund(id: string): IntentState {
    const intent = this.intents.get(id)!;
    if (intent.state !== 'captured') return intent.state;
    intent.refunds++;
    return this.#become(id, 'refunded');
  }

  #become(id: string, state: IntentState): IntentState {
    this.intents.get(id)!.state = state;
    this.#tell(id, { kind: state });
    return state;
  }

  #tell(id: string, webhook: Webhook): void {
    if (this.#world.chance(0.05)) return;
    let isAcknowledged = false;
    let triesLeft = 12;
    const send = () => {
      if (isAcknowledged || triesLeft-- === 0) return;
      this.#world.carry(() =>
        this.#deliver(id, webhook, () => {
          this.#world.carry(() => {
            isAcknowledged = true;
          });
        }),
      );
      this.#world.after(5_000 + this.#world.random() * 30_000, send);
    };
    send();
  }
}
