import type { Paint } from './paint.ts';

/** Textile and glaze patterns by name, each an SVG pattern with the id `p`. */
export const patterns: Readonly<Record<string, (paint: Paint) => string>> = {
  chevron: ({ light, dark }) =>
    tile(20, 14, stroke(dark, 1.6, 'M0 12 10 4 20 12') + stroke(light, 1.6, 'M0 6 10 -2 20 6')),
  check: ({ light, dark }) =>
    tile(
      22,
      22,
      `<rect width="9" height="22" fill="${dark}" opacity=".35"/><rect width="22" height="9" fill="${dark}" opacity=".35"/>` +
        stroke(light, 1, 'M15.5 0V22M0 15.5H22'),
    ),
  leaf: ({ light, dark }) =>
    tile(
      26,
      26,
      `<path d="M5 15Q6 5 15 4Q14 14 5 15Z" fill="${light}"/><path d="M14 24Q21 23 22 15Q14 16 14 24Z" fill="${dark}" opacity=".7"/>`,
    ),
  grid: ({ dark }) => tile(14, 14, stroke(dark, 1.2, 'M0 7H14M7 0V14')),
  stripe: ({ accent }) =>
    tile(
      12,
      16,
      `<rect width="12" height="5" fill="${accent}" opacity=".9"/><rect y="8" width="12" height="1.5" fill="${accent}" opacity=".6"/>`,
    ),
  diamond: ({ light, accent }) =>
    tile(
      20,
      24,
      `<path d="M10 2 18 12 10 22 2 12Z" fill="none" stroke="${light}" stroke-width="1.5"/><circle cx="10" cy="12" r="2" fill="${accent}"/>`,
    ),
  arc: ({ light, dark }) =>
    tile(
      24,
      12,
      `<g fill="none" stroke="${light}" stroke-width="1.5"><circle cx="12" cy="12" r="10.5"/><circle cx="12" cy="12" r="6"/></g><circle cx="12" cy="12" r="2" fill="${dark}"/>`,
    ),
  dot: ({ accent, light }) =>
    tile(22, 22, `<circle cx="6" cy="6" r="3.5" fill="${accent}"/><circle cx="17" cy="17" r="3.5" fill="${light}"/>`),
};

function tile(width: number, height: number, inner: string): string {
  return `<pattern id="p" width="${width}" height="${height}" patternUnits="userSpaceOnUse">${inner}</pattern>`;
}

function stroke(colour: string, width: number, path: string): string {
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
}
