import type { ShopProduct } from '../products.ts';
import { type ColourName, colours } from '../styles.ts';
import { bath } from './bath.ts';
import { blankets } from './blankets.ts';
import { brews } from './brews.ts';
import { candles } from './candles.ts';
import { clocks } from './clocks.ts';
import { cushions } from './cushions.ts';
import { lamps } from './lamps.ts';
import { lanterns } from './lanterns.ts';
import { mugs } from './mugs.ts';
import { notebooks } from './notebooks.ts';
import { type Drawing, mix, type Paint } from './paint.ts';
import { patterns } from './patterns.ts';
import { plants } from './plants.ts';
import { pots } from './pots.ts';

const drawings: Readonly<Record<string, Drawing>> = {
  ...lanterns,
  ...lamps,
  ...mugs,
  ...candles,
  ...cushions,
  ...blankets,
  ...plants,
  ...pots,
  ...clocks,
  ...brews,
  ...bath,
  ...notebooks,
};

const accents: Readonly<Record<string, string>> = {
  nordic: '#d8b48a',
  rustic: '#8a5a3b',
  botanical: '#d9b45f',
  industrial: '#c59a3f',
  coastal: '#e9dcc3',
  vintage: '#c9a45c',
  modern: '#2f3a44',
  playful: '#5aa9c9',
};

/** A product's picture as an SVG document of about 2 KB, drawn from its attributes. @throws RangeError for a kind nobody drew. */
export function drawPicture({ id, attributes, title }: Pick<ShopProduct, 'id' | 'attributes' | 'title'>): string {
  const drawing = drawings[String(attributes.kind)];
  const draw = patterns[String(attributes.pattern)];
  const main = colours[attributes.colour as ColourName];
  const accent = accents[String(attributes.style)];
  if (!drawing || !draw || !main || !accent)
    throw new RangeError(`No drawing for ${id}: ${JSON.stringify(attributes)}`);
  const paint = paintOf(main, accent, variationOf(id));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" role="img"><title>${title}</title>` +
    `<defs>${backdrop(paint)}${volume('m', paint.main)}${volume('a', accent)}${glow}${draw(paint)}</defs>` +
    `<rect width="200" height="200" fill="url(#b)"/><ellipse cx="100" cy="173" rx="66" ry="8" fill="${paint.ink}" opacity=".14"/>` +
    `${drawing(paint)}</svg>`
  );
}

function paintOf(main: string, accent: string, variation: number): Paint {
  return {
    main,
    accent,
    variation,
    light: mix(main, '#ffffff', 0.45),
    dark: mix(main, '#22201c', 0.35),
    ink: mix(main, '#22201c', 0.8),
    round: 'url(#m)',
    roundAccent: 'url(#a)',
    pattern: 'url(#p)',
    glow: 'url(#g)',
  };
}

function backdrop({ main }: Paint): string {
  const [inner, outer] = [mix(main, '#fffdf8', 0.93), mix(main, '#f4ecdf', 0.74)];
  return `<radialGradient id="b" cy=".42" r=".75"><stop stop-color="${inner}"/><stop offset="1" stop-color="${outer}"/></radialGradient>`;
}

function volume(id: string, colour: string): string {
  const stops = [mix(colour, '#ffffff', 0.28), colour, mix(colour, '#22201c', 0.28)];
  const drawn = stops.map((stop, index) => `<stop offset="${index * 0.5}" stop-color="${stop}"/>`).join('');
  return `<linearGradient id="${id}">${drawn}</linearGradient>`;
}

const glow =
  '<radialGradient id="g"><stop stop-color="#fff3c4"/><stop offset=".4" stop-color="#ffdf8a" stop-opacity=".6"/>' +
  '<stop offset="1" stop-color="#ffd36b" stop-opacity="0"/></radialGradient>';

function variationOf(id: string): number {
  let hash = 7;
  for (const letter of id) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0;
  return ((hash >>> 0) % 997) / 997;
}
