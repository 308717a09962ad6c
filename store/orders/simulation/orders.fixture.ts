import { supersedes } from '../effects.ts';
import {
  admits,
  type Decision,
  decide,
  type Effect,
  hasEnded,
  type Message,
  type Order,
  place,
  type RemoteStep,
  type Timer,
} from '../order.ts';
import type { Lines, SimulatedCatalog, SimulatedPayment, Webhook } from './services.fixture.ts';
import { ask, Process, type World } from './world.fixture.ts';

const PAYMENT_DUE_MS = 900_000;
const COMPLETION_MS = 3_600_000;
const TRY_MS = 10_000;

/** Steps forward are given up after so many tries; steps back are tried until they are done. */
const FORWARD_TRIES_MAX = 6;

type JobName = RemoteStep | Timer;

interface Job {
  readonly name: JobName;
  readonly dueMs: number;
  tries: number;
}

interface Kept {
  order: Order;
  readonly lines: Lines;
  /** By name: a new one replaces the one that waits. */
  readonly jobs: Map<JobName, Job>;
  endings: number;
}

const givenUp: Partial<Record<JobName, Message>> = {
  'reserve-stock': { kind: 'stock-refused', reason: 'stock-unavailable' },
  'open-payment': { kind: 'payment-unavailable' },
  'commit-stock': { kind: 'stock-lost' },
  'capture-payment': { kind: 'capture-refused' },
  'payment-due': { kind: 'payment-due' },
};

/** Orders that keep their state and their jobs in one transaction, as the service does, and perform jobs at least once. */
export class SimulatedOrders {
  readonly process: Process;
  readonly kept = new Map<string, Kept>();
  readonly #world: World;
  readonly #catalog: SimulatedCatalog;
  readonly #payment: () => SimulatedPayment;
  readonly #reservationKeptMs: number;

  constructor(
    world: World,
    parts: { catalog: SimulatedCatalog; payment: () => SimulatedPayment; reservationKeptMs: number },
  ) {
    this.#world = world;
    this.#catalog = parts.catalog;
    this.#payment = parts.payment;
    this.#reservationKeptMs = parts.reservationKeptMs;
    this.process = new Process(world, () => this.#resume());
  }

  place(id: string, lines: Lines): void {
    const { order, effects } = place();
    this.kept.set(id, { order, lines, jobs: new Map(), endings: 0 });
    this.#keep(id, { order, effects });
  }

  /** What a person asks: refused where the order does not admit it. */
  wish(id: string, message: Extract<Message, { kind: 'cancel' | 'ship' | 'complete' | 'refund' }>): void {
    if (admits(this.kept.get(id)!.order, message.kind)) this.#tell(id, message);
  }

  hear(id: string, webhook: Webhook): void {
    if (webhook.kind === 'open') return;
    this.#tell(
      id,
      webhook.kind === 'declined'
        ? { kind: 'payment-declined', attempt: webhook.attempt }
        : { kind: `payment-${webhook.kind}` },
    );
  }

  #tell(id: string, message: Message): void {
    this.#keep(id, decide(this.kept.get(id)!.order, message));
  }

  #keep(id: string, { order, effects }: Decision): void {
    const kept = this.kept.get(id)!;
    if (!hasEnded(kept.order) && hasEnded(order)) kept.endings++;
    kept.order = order;
    for (const effect of effects) this.#schedule(id, kept, effect);
  }

  #schedule(id: string, kept: Kept, effect: Effect): void {
    if (effect.kind === 'clear-timer') kept.jobs.delete(effect.timer);
    else if (effect.kind === 'set-timer')
      this.#add(id, effect.timer, effect.timer === 'payment-due' ? PAYMENT_DUE_MS : COMPLETION_MS);
    else {
      for (const step of supersedes[effect.kind] ?? []) kept.jobs.delete(step);
      this.#add(id, effect.kind, 0);
    }
  }

  #add(id: string, name: JobName, waitMs: number): void {
    const job: Job = { name, dueMs: this.#world.nowMs + waitMs, tries: 0 };
    this.kept.get(id)!.jobs.set(name, job);
    this.#world.after(
      waitMs,
      this.process.step(() => this.#perform(id, job)),
    );
  }

  #resume(): void {
    for (const [id, { jobs }] of this.kept) {
      for (const job of jobs.values()) {
        this.#world.after(
          Math.max(0, job.dueMs - this.#world.nowMs),
          this.process.step(() => this.#perform(id, job)),
        );
      }
    }
  }

  #perform(id: string, job: Job): void {
    const { jobs } = this.kept.get(id)!;
    if (jobs.get(job.name) !== job) return;
    const message = givenUp[job.name];
    if (message !== undefined && job.tries++ === FORWARD_TRIES_MAX) {
      this.#settle(id, job, message);
      return;
    }
    this.#attempt(id, job);
    this.#world.after(
      TRY_MS * (1 + this.#world.random()),
      this.process.step(() => this.#perform(id, job)),
    );
  }

  /** The message and the end of its job are one transaction. */
  #settle(id: string, job: Job, message: Message): void {
    const { jobs } = this.kept.get(id)!;
    if (jobs.get(job.name) !== job) return;
    jobs.delete(job.name);
    this.#tell(id, message);
  }

  #attempt(id: string, job: Job): void {
    const catalog = this.#catalog;
    const payment = this.#payment();
    const { lines, order } = this.kept.get(id)!;
    const then = <Answer>(to: Process, question: () => Answer, messageOf: (answer: Answer) => Message) =>
      ask(this.#world, { from: this.process, to }, question, (answer) => this.#settle(id, job, messageOf(answer)));

    const steps: Record<JobName, () => void> = {
      'reserve-stock': () =>
        then(
          catalog.process,
          () => catalog.reserve(id, lines, this.#reservationKeptMs),
          (answer) =>
            answer === 'held' ? { kind: 'stock-reserved' } : { kind: 'stock-refused', reason: 'stock-insufficient' },
        ),
      'commit-stock': () =>
        then(
          catalog.process,
          () => catalog.commit(id),
          (answer) => ({ kind: `stock-${answer}` }),
        ),
      'release-stock': () =>
        then(
          catalog.process,
          () => catalog.release(id),
          () => ({ kind: 'stock-released' }),
        ),
      'open-payment': () =>
        then(
          payment.process,
          () => payment.open(id),
          () => ({ kind: 'payment-opened', intent: { id, clientSecret: 'secret' } }),
        ),
      'capture-payment': () =>
        then(
          payment.process,
          () => payment.capture(id),
          (answer) => (answer === 'captured' ? { kind: 'payment-captured' } : { kind: 'capture-refused' }),
        ),
      'cancel-payment': () =>
        then(
          payment.process,
          () => payment.cancel(id),
          (answer) => (answer === 'captured' ? { kind: 'payment-captured' } : { kind: 'payment-cancelled' }),
        ),
      'refund-payment': () =>
        then(
          payment.process,
          () => payment.refund(id),
          () => ({ kind: 'payment-refunded' }),
        ),
      // A webhook may have been lost for good: the provider is asked once more before the order is given up.
      'payment-due': () =>
        order.intent === undefined
          ? this.#settle(id, job, { kind: 'payment-due' })
          : then(
              payment.process,
              () => payment.intents.get(id)!.state,
              (answer) => (answer === 'authorised' ? { kind: 'payment-authorised' } : { kind: 'payment-due' }),
            ),
      completion: () => this.#settle(id, job, { kind: 'complete' }),
    };
    steps[job.name]();
  }
}
