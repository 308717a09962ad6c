import type { compensationReasons, orderStatuses } from './contract.ts';

/**
 * An order's life as a saga: reserve stock → authorise the payment → commit stock → capture the money → ship → complete, and the way
 * back from each step.
 *
 * 1. Pure: a message comes in, the next state and the effects that it asks for go out. Effects are performed at least once, somewhere else, and
 *    what came of them returns as messages.
 * 2. Messages may come twice, late and in any order. One that says nothing new gives the very same order and no effect.
 * 3. An order ends once, completed or compensated, and nothing moves it afterwards.
 * 4. Compensated means: its stock is back, or written off by an operator, and its money was never captured or has been refunded.
 * 5. Stock is committed before money is captured, so that no money is taken for what cannot be sent.
 * 6. What was asked for is undone even where no answer came: releasing stock bars a reservation that is still on its way, and
 *    cancelling a payment finds out whether it was captured.
 */
export interface Order {
  readonly status: OrderStatus;
  readonly stock: StockStep;
  readonly payment: PaymentStep;
  /** The provider's payment intent, once it is known; its secret lets the shopper's browser pay. */
  readonly intent: { readonly id: string; readonly clientSecret: string } | undefined;
  /** Attempts to pay that the provider has declined. */
  readonly declines: number;
  /** Why it is, or was, compensated. */
  readonly reason: CompensationReason | undefined;
}

export type OrderStatus = (typeof orderStatuses)[number];

/** `written-off`: refunded without the goods coming back. */
type StockStep = 'asked' | 'held' | 'committing' | 'committed' | 'releasing' | 'released' | 'written-off';

type PaymentStep =
  | 'none'
  | 'opening'
  | 'open'
  | 'authorised'
  | 'capturing'
  | 'captured'
  | 'cancelling'
  | 'cancelled'
  | 'refunding'
  | 'refunded';

export type CompensationReason = (typeof compensationReasons)[number];

export type Message =
  | { readonly kind: 'stock-reserved' }
  | { readonly kind: 'stock-refused'; readonly reason: 'stock-insufficient' | 'stock-unavailable' }
  | { readonly kind: 'stock-committed' }
  | { readonly kind: 'stock-lost' }
  | { readonly kind: 'stock-released' }
  | { readonly kind: 'payment-opened'; readonly intent: { readonly id: string; readonly clientSecret: string } }
  | { readonly kind: 'payment-unavailable' }
  /** `attempt` counts from 1 and grows, so that a repeat is known. */
  | { readonly kind: 'payment-declined'; readonly attempt: number }
  | { readonly kind: 'payment-authorised' }
  | { readonly kind: 'payment-captured' }
  | { readonly kind: 'capture-refused' }
  | { readonly kind: 'payment-cancelled' }
  | { readonly kind: 'payment-refunded' }
  | { readonly kind: 'payment-due' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'ship' }
  | { readonly kind: 'complete' }
  /** `restock`: the goods come back and can be sold again. */
  | { readonly kind: 'refund'; readonly restock: boolean };

/** What has to be done outside. Each may be performed more than once and late: those who do it make repeats harmless. */
export type Effect =
  | { readonly kind: RemoteStep }
  | { readonly kind: 'set-timer'; readonly timer: Timer }
  | { readonly kind: 'clear-timer'; readonly timer: Timer };

/** Steps at the catalog and at the payment provider. */
export type RemoteStep =
  | 'reserve-stock'
  | 'commit-stock'
  | 'release-stock'
  | 'open-payment'
  | 'capture-payment'
  | 'cancel-payment'
  | 'refund-payment';

/** `payment-due`: nobody has paid in time. `completion`: shipped so long ago that it counts as arrived and kept. */
export type Timer = 'payment-due' | 'completion';

export interface Decision {
  readonly order: Order;
  readonly effects: readonly Effect[];
}

/** Cards that may be declined before the order is given up: who guesses cards finds a closed door. */
export const DECLINES_MAX = 5;

export function place(): Decision {
  return {
    order: {
      status: 'reserving',
      stock: 'asked',
      payment: 'none',
      intent: undefined,
      declines: 0,
      reason: undefined,
    },
    effects: [{ kind: 'reserve-stock' }, { kind: 'set-timer', timer: 'payment-due' }],
  };
}

/** What a message changes; the very same order and no effects where it says nothing new or comes too late. */
export function decide(order: Order, message: Message): Decision {
  if (hasEnded(order)) return unchanged(order);
  const rule = rules[message.kind] as (order: Order, message: Message) => Decision;
  return rule(order, message);
}

/** Whether a person may ask this of an order now. */
export function admits(order: Order, wish: 'cancel' | 'ship' | 'complete' | 'refund'): boolean {
  const statuses: readonly OrderStatus[] = admitted[wish];
  return statuses.includes(order.status);
}

export function hasEnded({ status }: Order): boolean {
  return status === 'completed' || status === 'compensated';
}

const admitted = {
  cancel: ['reserving', 'authorising', 'confirming', 'confirmed'],
  ship: ['confirmed'],
  complete: ['shipped'],
  refund: ['confirmed', 'shipped'],
} as const;

type Rules = { readonly [K in Message['kind']]: (order: Order, message: Extract<Message, { kind: K }>) => Decision };

const rules: Rules = {
  'stock-reserved': (order) =>
    order.status === 'reserving'
      ? {
          order: { ...order, status: 'authorising', stock: 'held', payment: 'opening' },
          effects: [{ kind: 'open-payment' }],
        }
      : unchanged(order),

  'stock-refused': (order, { reason }) => (order.status === 'reserving' ? compensate(order, reason) : unchanged(order)),

  'stock-committed': (order) =>
    order.status === 'confirming' && order.stock === 'committing'
      ? { order: { ...order, stock: 'committed', payment: 'capturing' }, effects: [{ kind: 'capture-payment' }] }
      : unchanged(order),

  'stock-lost': (order) => (order.stock === 'committing' ? compensate(order, 'stock-lost') : unchanged(order)),

  'stock-released': (order) =>
    order.stock === 'releasing' ? unwind({ ...order, stock: 'released' }) : unchanged(order),

  'payment-opened': (order, { intent }) => {
    if (order.payment !== 'opening') return unchanged(order);
    const opened: Order = { ...order, payment: 'open', intent };
    return order.status === 'compensating' ? unwind(opened) : { order: opened, effects: [] };
  },

  'payment-unavailable': (order) =>
    order.payment === 'opening' ? compensate({ ...order, payment: 'none' }, 'payment-unavailable') : unchanged(order),

  'payment-declined': (order, { attempt }) => {
    if (order.payment !== 'open' || attempt <= order.declines) return unchanged(order);
    const declined: Order = { ...order, declines: attempt };
    return attempt < DECLINES_MAX ? { order: declined, effects: [] } : compensate(declined, 'payment-declined');
  },

  'payment-authorised': (order) =>
    order.status === 'authorising' && order.payment === 'open'
      ? {
          order: { ...order, status: 'confirming', stock: 'committing', payment: 'authorised' },
          effects: [{ kind: 'clear-timer', timer: 'payment-due' }, { kind: 'commit-stock' }],
        }
      : unchanged(order),

  'payment-captured': (order) => {
    if (order.status === 'confirming' && order.payment === 'capturing') {
      return { order: { ...order, status: 'confirmed', payment: 'captured' }, effects: [] };
    }
    // The capture was faster than the cancellation.
    return order.payment === 'cancelling' ? unwind({ ...order, payment: 'captured' }) : unchanged(order);
  },

  'capture-refused': (order) =>
    order.status === 'confirming' && order.payment === 'capturing'
      ? compensate(order, 'capture-refused')
      : unchanged(order),

  'payment-cancelled': (order) =>
    mayCancel(order) ? compensate({ ...order, payment: 'cancelled' }, 'payment-cancelled') : unchanged(order),

  'payment-refunded': (order) => {
    if (order.payment !== 'captured' && order.payment !== 'refunding') return unchanged(order);
    // Refunded at the provider, past us: goods that have left are gone.
    const stock = order.status === 'shipped' ? 'written-off' : order.stock;
    return compensate({ ...order, stock, payment: 'refunded' }, 'refunded');
  },

  'payment-due': (order) =>
    order.status === 'reserving' || order.status === 'authorising'
      ? compensate(order, 'payment-timeout')
      : unchanged(order),

  cancel: (order) => (admits(order, 'cancel') ? compensate(order, 'cancelled') : unchanged(order)),

  ship: (order) =>
    admits(order, 'ship')
      ? { order: { ...order, status: 'shipped' }, effects: [{ kind: 'set-timer', timer: 'completion' }] }
      : unchanged(order),

  complete: (order) =>
    admits(order, 'complete')
      ? { order: { ...order, status: 'completed' }, effects: [{ kind: 'clear-timer', timer: 'completion' }] }
      : unchanged(order),

  refund: (order, { restock }) => {
    if (!admits(order, 'refund')) return unchanged(order);
    return compensate(restock ? order : { ...order, stock: 'written-off' }, 'refunded');
  },
};

function unchanged(order: Order): Decision {
  return { order, effects: [] };
}

/** Turns back, or goes on with turning back: the first reason stays. */
function compensate(order: Order, reason: CompensationReason): Decision {
  if (order.status === 'compensating') return unwind(order);
  const { order: turned, effects } = unwind({ ...order, status: 'compensating', reason });
  const timer: Timer = order.status === 'shipped' ? 'completion' : 'payment-due';
  return { order: turned, effects: [{ kind: 'clear-timer', timer }, ...effects] };
}

/** Asks for what is still to be undone; ends once nothing is. A payment that is being opened is cancelled when its id has come. */
function unwind(order: Order): Decision {
  const effects: Effect[] = [];
  let { stock, payment, status } = order;
  if (stock !== 'releasing' && stock !== 'released' && stock !== 'written-off') {
    stock = 'releasing';
    effects.push({ kind: 'release-stock' });
  }
  if (payment === 'open' || payment === 'authorised' || payment === 'capturing') {
    payment = 'cancelling';
    effects.push({ kind: 'cancel-payment' });
  } else if (payment === 'captured') {
    payment = 'refunding';
    effects.push({ kind: 'refund-payment' });
  }
  const stockIsDone = stock === 'released' || stock === 'written-off';
  const paymentIsDone = payment === 'none' || payment === 'cancelled' || payment === 'refunded';
  if (stockIsDone && paymentIsDone) status = 'compensated';
  return { order: { ...order, stock, payment, status }, effects };
}

function mayCancel({ payment }: Order): boolean {
  return payment === 'open' || payment === 'authorised' || payment === 'capturing' || payment === 'cancelling';
}
