import type { Static } from 'relearn';
import type { Dataset } from './dataset.ts';
import type { featuresSchema } from './features.ts';

/** Made-up histories over the most and least common items, one for each surface: nobody's, so that they outlive everybody's deletion. */
export function golden({ itemIds, atMs }: Dataset): Static<typeof featuresSchema>[] {
  const count = itemIds.length;
  const picks = [0, 0.2, 0.5, 0.8, 0.99]
    .map((share) => itemIds[Math.floor(share * count)])
    .filter((item) => item !== undefined);
  const last = atMs.reduce((latest, time) => Math.max(latest, Number.isNaN(time) ? 0 : time), 0);
  return (['for-you', 'similar-to', 'goes-with', 'popular', 'buy-again'] as const).map((surface) => ({
    surface,
    nowMs: last,
    k: 10,
    items: picks,
    atMs: picks.map((_, at) => last - at * 86_400_000),
    weights: picks.map(() => 1),
    exclude: [],
    candidates: [],
    newcomers: 0,
  }));
}
