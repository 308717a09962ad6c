/** When to try again: doubles from `firstMs` to `mostMs`, each drawn from its upper half, so that many do not come back at once. */
export function backoffMs(failures: number, random: () => number, firstMs = 100, mostMs = 30_000): number {
  const wholeMs = Math.min(firstMs * 2 ** Math.max(0, failures - 1), mostMs);
  return Math.round(wholeMs * (0.5 + random() / 2));
}
