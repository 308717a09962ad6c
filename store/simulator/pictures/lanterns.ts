import type { Drawing } from './paint.ts';

const flame = (x: number, y: number) =>
  `<circle cx="${x}" cy="${y}" r="44" fill="url(#g)"/><path d="M${x} ${y - 17}q13 17 0 29q-13-12 0-29z" fill="#f8a531"/>` +
  `<path d="M${x} ${y - 5}q6 9 0 16q-6-7 0-16z" fill="#fff1bd"/>`;

const storm: Drawing = ({ round, dark, main }) =>
  `<path d="M66 78Q44 24 100 22Q156 24 134 78" fill="none" stroke="${dark}" stroke-width="3"/>` +
  `<path d="M88 42h24l10 16H78z" fill="${round}"/><rect x="70" y="58" width="60" height="9" rx="4" fill="${round}"/>` +
  `<path d="M77 67Q62 112 79 150h42q17-38 2-83z" fill="#fff6dc" opacity=".75"/>${flame(100, 112)}` +
  `<path d="M77 67Q62 112 79 150M123 67q15 45-2 83" fill="none" stroke="${main}" stroke-width="3.5"/>` +
  `<path d="M86 76q-8 34 0 66" fill="none" stroke="#fff" stroke-width="4" opacity=".7"/>` +
  `<rect x="68" y="148" width="64" height="10" rx="4" fill="${round}"/><path d="M74 158h52l8 15H66z" fill="${round}"/>`;

const paper: Drawing = ({ round, dark, light, accent, pattern }) => {
  const ribs = [-36, -22, -8, 8, 22, 36].map((dy) => {
    const half = Math.sqrt(1 - (dy / 50) ** 2) * 56;
    return `<path d="M${100 - half} ${100 + dy}q${half} 9 ${2 * half} 0" fill="none" stroke="${dark}" opacity=".3"/>`;
  });
  return (
    `<path d="M100 0v48" stroke="${dark}" stroke-width="2"/><circle cx="100" cy="100" r="86" fill="url(#g)" opacity=".8"/>` +
    `<ellipse cx="100" cy="100" rx="56" ry="50" fill="${round}"/><ellipse cx="100" cy="100" rx="56" ry="50" fill="${pattern}" opacity=".55"/>` +
    `<ellipse cx="96" cy="104" rx="40" ry="38" fill="url(#g)" opacity=".75"/>${ribs.join('')}` +
    `<rect x="82" y="47" width="36" height="7" rx="3" fill="${accent}"/><rect x="82" y="146" width="36" height="7" rx="3" fill="${accent}"/>` +
    `<path d="M100 153v10M95 163l-2 18h14l-2-18z" fill="${accent}" stroke="${accent}"/><circle cx="76" cy="78" r="9" fill="${light}" opacity=".5"/>`
  );
};

const moroccan: Drawing = ({ round, dark, light }) => {
  const star = (x: number, y: number, size: number) =>
    `<path transform="translate(${x} ${y}) scale(${size})" d="M0-8 2-2 8 0 2 2 0 8-2 2-8 0-2-2z" fill="#ffe9a6"/>`;
  const stars = [
    [100, 96, 1.5],
    [80, 86, 0.9],
    [120, 86, 0.9],
    [78, 110, 1.1],
    [122, 110, 1.1],
    [100, 124, 1.2],
    [86, 132, 0.7],
    [114, 132, 0.7],
    [100, 72, 0.9],
  ].map(([x, y, size]) => star(x as number, y as number, size as number));
  return (
    `<circle cx="100" cy="105" r="84" fill="url(#g)"/><circle cx="100" cy="26" r="8" fill="none" stroke="${dark}" stroke-width="3"/>` +
    `<path d="M100 32Q106 50 124 62Q146 84 138 112Q132 138 114 148H86Q68 138 62 112Q54 84 76 62Q94 50 100 32Z" fill="${round}"/>` +
    `<path d="M64 98h72M67 118h66" stroke="${light}" stroke-width="2" opacity=".7"/>${stars.join('')}` +
    `<rect x="80" y="148" width="40" height="8" rx="3" fill="${dark}"/><path d="M84 156h32l10 17H74z" fill="${round}"/>`
  );
};

const wire: Drawing = ({ dark, main, roundAccent }) =>
  `<path d="M72 70Q66 26 100 26Q134 26 128 70" fill="none" stroke="${dark}" stroke-width="3"/>${flame(100, 98)}` +
  `<rect x="86" y="114" width="28" height="50" rx="2" fill="#f6ead2"/><ellipse cx="100" cy="114" rx="14" ry="4" fill="#fff7e6"/>` +
  `<g fill="none" stroke="${main}" stroke-width="4" stroke-linejoin="round"><path d="M76 66h48l18 34-12 66H70L58 100z"/>` +
  `<path d="M88 66 80 100l6 66M112 66l8 34-6 66M58 100h84"/></g><rect x="66" y="163" width="68" height="10" rx="4" fill="${roundAccent}"/>`;

export const lanterns: Readonly<Record<string, Drawing>> = {
  'Storm Lantern': storm,
  'Paper Lantern': paper,
  'Moroccan Lantern': moroccan,
  'Wire Lantern': wire,
};
