/** When carts are looked at again. */
export interface CartTimers {
  /** Ms since the epoch. */
  readonly clock: () => number;
  /** A cart with things in it that rests for so long was left behind. */
  readonly abandonedAfterMs: number;
}

export const abandonJobName = { name: 'abandon' };
