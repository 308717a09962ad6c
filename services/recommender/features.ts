import { type Static, t } from 'relearn';
import type { CategoryCap } from 'relearn/models';

export const surfaces = ['for-you', 'similar-to', 'goes-with', 'popular', 'buy-again'] as const;
export type Surface = (typeof surfaces)[number];

/** What a model is asked. Items are numbers of the interaction log; plain arrays and typed arrays both serve. */
export const featuresSchema = t.Object({
  surface: t.Enum([...surfaces]),
  nowMs: t.Number(),
  k: t.Integer(),
  items: t.Array(t.Integer(), { description: 'What the person did, or the basket, oldest first' }),
  atMs: t.Array(t.Number()),
  weights: t.Array(t.Number()),
  exclude: t.Array(t.Integer()),
  candidates: t.Array(t.Integer(), {
    description: 'Items by content, best first: they take the places that the model leaves',
  }),
  newcomers: t.Integer({ description: 'Candidates that get a place whatever the model says' }),
});

/** The same, as a request passes it: columns where they lie, and a mask of what may be shown. */
export interface Features {
  readonly surface: Surface;
  readonly nowMs: number;
  readonly k: number;
  readonly items: ArrayLike<number>;
  readonly atMs: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  readonly exclude: ArrayLike<number>;
  readonly candidates: readonly number[];
  readonly newcomers: number;
  /** One byte an item, 1 where it may be shown; everything may when absent. */
  readonly allowed?: Uint8Array;
  /** From 0, by score alone, to 1, whatever is least alike; 0 when absent. */
  readonly diversity?: number;
  readonly cap?: CategoryCap;
}

/** Why an item is in a slate. `because` is the number of the item that speaks for it, −1 for none. */
export const rankedSchema = t.Object({
  items: t.Array(t.Integer()),
  scores: t.Array(t.Number()),
  because: t.Array(t.Integer()),
  basis: t.Array(t.Enum(['history', 'popular', 'content', 'own'])),
});
export type Ranked = Static<typeof rankedSchema>;

/** Items that may not be shown, or were excluded, are not passed on. */
export function maySee({ allowed, exclude }: Features): (item: number) => boolean {
  const excluded = new Set(Array.from(exclude));
  return (item) => !excluded.has(item) && (allowed === undefined || allowed[item] === 1);
}
