/** Colours and pattern of one drawing, as SVG paints. The object stands on y = 172 of a 200 × 200 picture. */
export interface Paint {
  readonly main: string;
  readonly light: string;
  readonly dark: string;
  /** A second colour that goes with the first. */
  readonly accent: string;
  /** Nearly black, tinted. */
  readonly ink: string;
  /** Round volume from left to right in the main colour. */
  readonly round: string;
  /** The same in the accent colour. */
  readonly roundAccent: string;
  /** The look's pattern, transparent where it does not draw. */
  readonly pattern: string;
  /** Warm light, fading outwards; fills the box of what it paints. */
  readonly glow: string;
  /** 0 to 1, another for each product. */
  readonly variation: number;
}

/** Draws one kind of thing; SVG elements without the `svg` around them. */
export type Drawing = (paint: Paint) => string;

/** Mixes two `#rrggbb` colours; `share` of the second, 0 to 1. */
export function mix(first: string, second: string, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [from, to] = [first, second].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number];
    return Math.round(from + (to - from) * share)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${channels.join('')}`;
}
