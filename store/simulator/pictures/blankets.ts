import type { Drawing } from './paint.ts';

const fringe = (from: number, to: number, y: number, colour: string) => {
  const threads = Array.from({ length: Math.floor((to - from) / 6) + 1 }, (_, index) => `M${from + index * 6} ${y}v11`);
  return `<path d="${threads.join('')}" stroke="${colour}" stroke-width="2.5" stroke-linecap="round"/>`;
};

const throwBlanket: Drawing = ({ main, dark, light, pattern, accent }) =>
  `${fringe(46, 154, 160, accent)}<path d="M40 70q0-14 14-14h92q14 0 14 14v92H40z" fill="${main}"/><path d="M40 70q0-14 14-14h92q14 0 14 14v92H40z" fill="${pattern}"/>` +
  `<path d="M40 84h120v10H40z" fill="${dark}" opacity=".25"/><path d="M112 56h34q14 0 14 14v92h-30z" fill="${dark}" opacity=".18"/>` +
  `<path d="M50 74h80" stroke="${light}" stroke-width="5" stroke-linecap="round" opacity=".6"/><path d="M40 150h120" stroke="${accent}" stroke-width="4"/>`;

const quilt: Drawing = ({ main, dark, light, accent, pattern, variation }) => {
  const fills = [main, light, accent, dark];
  const offset = Math.floor(variation * 4);
  const patches = Array.from({ length: 20 }, (_, index) => {
    const [column, row] = [index % 5, Math.floor(index / 5)];
    const fill = fills[(column + row * 3 + offset) % 4];
    return `<rect x="${40 + column * 24}" y="${60 + row * 28}" width="24" height="28" fill="${fill}"/>`;
  });
  return (
    `<path d="M34 66q0-12 12-12h108q12 0 12 12v106H34z" fill="${dark}"/>${patches.join('')}<rect x="40" y="60" width="120" height="112" fill="${pattern}" opacity=".5"/>` +
    `<path d="M40 88h120M40 116h120M40 144h120M64 60v112M88 60v112M112 60v112M136 60v112" stroke="#fff" stroke-width="1.5" stroke-dasharray="3 3" opacity=".8"/>`
  );
};

const picnic: Drawing = ({ main, dark, pattern, accent, light }) =>
  `<rect x="30" y="88" width="130" height="84" rx="42" fill="${main}"/><rect x="30" y="88" width="130" height="84" rx="42" fill="${pattern}"/>` +
  `<path d="M32 146q8 26 40 26h50q32 0 38-26z" fill="${dark}" opacity=".25"/><circle cx="142" cy="130" r="42" fill="${dark}"/>` +
  `<path d="M142 96a34 34 0 1 1-30 48a26 26 0 1 1 46-6a16 16 0 1 1-22-12" fill="none" stroke="${light}" stroke-width="6"/>` +
  `<path d="M64 88v84M96 88v84" stroke="${accent}" stroke-width="9"/><path d="M64 88Q64 56 80 56Q96 56 96 88" fill="none" stroke="${accent}" stroke-width="7"/>`;

const baby: Drawing = ({ main, dark, light, pattern, accent }) =>
  `<path d="M36 146q0-10 10-10h108q10 0 10 10v26H36z" fill="${dark}"/><path d="M36 112q0-10 10-10h108q10 0 10 10v34H36z" fill="${light}"/>` +
  `<path d="M36 78q0-12 12-12h104q12 0 12 12v36H36z" fill="${main}"/><path d="M36 78q0-12 12-12h104q12 0 12 12v36H36z" fill="${pattern}" opacity=".8"/>` +
  `<path d="M36 114h128M36 146h128" stroke="${dark}" stroke-width="2" opacity=".5"/><path d="M100 74l5 11 12 1-9 8 3 12-11-6-11 6 3-12-9-8 12-1z" fill="${accent}"/>`;

export const blankets: Readonly<Record<string, Drawing>> = {
  Throw: throwBlanket,
  Quilt: quilt,
  'Picnic Blanket': picnic,
  'Baby Blanket': baby,
};
