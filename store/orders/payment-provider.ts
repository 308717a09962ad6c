import type { Message } from './order.ts';

/** How far a payment is, as its provider says. */
export type PaymentState = 'open' | 'authorised' | 'captured' | 'cancelled' | 'refunded';

/** What a webhook says: which order and payment it is about, and what happened; no message where that moves no order. */
export interface ProviderNews {
  readonly orderId: string;
  readonly intentId: string;
  readonly message: Message | undefined;
}

/**
 * The port to whoever moves the money. Every step may be repeated and then answers alike: `open` gives one payment an order, and a capture, cancellation or
 * refund says which state the payment is in afterwards, be it the one asked for or the one that stood in the way.
 *
 * Each rejects with what the transport says when the provider does not answer; whoever asked tries again.
 */
export interface PaymentProvider {
  open(order: {
    orderId: string;
    amountMinor: number;
    currency: string;
  }): Promise<{ readonly id: string; readonly clientSecret: string }>;
  state(intentId: string): Promise<PaymentState>;
  capture(intentId: string): Promise<PaymentState>;
  cancel(intentId: string): Promise<PaymentState>;
  refund(intentId: string): Promise<PaymentState>;
  /** Reads a webhook. @throws ProblemError `orders.signature-invalid` when it is not the provider's. */
  readWebhook(body: Uint8Array, signature: string): Promise<ProviderNews>;
}
