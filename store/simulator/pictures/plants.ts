import type { Drawing, Paint } from './paint.ts';

const GREENS = ['#2f6b45', '#3f8355', '#5a9c62'];

const pot = ({ round, dark, pattern, light }: Paint) =>
  `<path d="M66 128h68l-8 38q-1 7-9 7H83q-8 0-9-7z" fill="${round}"/><path d="M68 138h64l-5 24H73z" fill="${pattern}" opacity=".8"/>` +
  `<rect x="60" y="120" width="80" height="13" rx="4" fill="${round}"/><path d="M66 126h24" stroke="${light}" stroke-width="3" opacity=".7" stroke-linecap="round"/><ellipse cx="100" cy="121" rx="36" ry="4" fill="${dark}"/>`;

const fern: Drawing = (paint) => {
  const fronds = [-78, -56, -34, -12, 10, 32, 54, 76].map((angle, index) => {
    const green = GREENS[index % 3];
    const leaves = Array.from({ length: 7 }, (_, leaf) => {
      const y = -16 - leaf * 10;
      const width = 15 - leaf * 1.6;
      return `M0 ${y}q${width / 2}-9 ${width}-7q-4 8-${width} 7M0 ${y}q-${width / 2}-9-${width}-7q4 8 ${width} 7`;
    });
    return `<g transform="translate(100 122) rotate(${angle * 0.95}) skewX(${angle * 0.12})" fill="${green}"><path d="M0 0v-86" stroke="${green}" stroke-width="2"/><path d="${leaves.join('')}"/></g>`;
  });
  return fronds.join('') + pot(paint);
};

const cactus: Drawing = (paint) => {
  const column = (x: number, y: number, width: number, height: number) =>
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${width / 2}" fill="#4f9160"/>` +
    `<path d="M${x + width * 0.3} ${y + 10}v${height - 18}M${x + width * 0.5} ${y + 6}v${height - 12}M${x + width * 0.7} ${y + 10}v${height - 18}" stroke="#2f6b45" stroke-width="1.5" stroke-dasharray="2 5"/>`;
  return (
    `<path d="M84 92H66V74M116 104h20V84" fill="none" stroke="#4f9160" stroke-width="16" stroke-linecap="round" stroke-linejoin="round"/>` +
    `${column(82, 36, 36, 90)}<g transform="translate(100 36)">${[0, 72, 144, 216, 288].map((turn) => `<ellipse cy="-7" rx="5" ry="8" fill="#e8718a" transform="rotate(${turn})"/>`).join('')}<circle r="4" fill="#f7d560"/></g>${pot(paint)}`
  );
};

const monstera: Drawing = (paint) => {
  const leaf = (x: number, y: number, turn: number, size: number, green: string) =>
    `<path d="M100 124Q${(100 + x) / 2} ${y + 30} ${x} ${y}" fill="none" stroke="#2f6b45" stroke-width="3"/>` +
    `<g transform="translate(${x} ${y}) rotate(${turn}) scale(${size})"><path d="M0 8Q-34 10-34-20Q-32-48 0-62Q32-48 34-20Q34 10 0 8Z" fill="${green}"/>` +
    `<path d="M-36-10l22 2M-36-28l22 6M-28-46l16 12M36-10l-22 2M36-28l-22 6M28-46l-16 12" stroke="#f7f4ea" stroke-width="4.5" stroke-linecap="round"/><path d="M0 8v-62" stroke="#24543a" stroke-width="2"/></g>`;
  return (
    leaf(56, 92, -52, 0.85, '#2f6b45') +
    leaf(146, 96, 56, 0.8, '#3f8355') +
    leaf(78, 66, -16, 0.8, '#3f8355') +
    leaf(124, 64, 20, 0.9, '#2f7a4a') +
    pot(paint)
  );
};

const snake: Drawing = (paint) => {
  const leaves = [
    [-30, 70, -14],
    [26, 76, 14],
    [-14, 96, -5],
    [14, 90, 6],
    [0, 104, 0],
  ].map(
    ([x, height, turn], index) =>
      `<g transform="translate(${100 + (x as number) * 0.7} 126) rotate(${turn})"><path d="M-8 0Q-13-${(height as number) * 0.6} 0-${height}Q13-${(height as number) * 0.6} 8 0Z" fill="${GREENS[index % 2]}"/>` +
      `<path d="M-8 0Q-13-${(height as number) * 0.6} 0-${height}" fill="none" stroke="#d9c65c" stroke-width="2.5"/><path d="M-7-20q7 5 14 0M-8-36q8 5 16 0M-7-52q7 5 14 0" fill="none" stroke="#8dbb85" stroke-width="2"/></g>`,
  );
  return leaves.join('') + pot(paint);
};

export const plants: Readonly<Record<string, Drawing>> = {
  Fern: fern,
  Cactus: cactus,
  Monstera: monstera,
  'Snake Plant': snake,
};
