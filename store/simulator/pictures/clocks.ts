import type { Drawing, Paint } from './paint.ts';

const face = ({ ink, accent, variation }: Paint, x: number, y: number, radius: number) => {
  const ticks = Array.from({ length: 12 }, (_, hour) => {
    const length = hour % 3 === 0 ? 9 : 5;
    return `<path d="M0-${radius - 5}v${length}" transform="rotate(${hour * 30})"/>`;
  });
  const minutes = Math.floor(variation * 720);
  return (
    `<g transform="translate(${x} ${y})"><circle r="${radius}" fill="#fffaf0"/><g stroke="${ink}" stroke-width="2.5">${ticks.join('')}</g>` +
    `<path d="M0 6v-${radius * 0.55}" stroke="${ink}" stroke-width="5" stroke-linecap="round" transform="rotate(${minutes / 2})"/>` +
    `<path d="M0 8v-${radius * 0.78}" stroke="${ink}" stroke-width="3" stroke-linecap="round" transform="rotate(${(minutes % 60) * 6})"/><circle r="4.5" fill="${accent}"/></g>`
  );
};

const wall: Drawing = (paint) =>
  `<circle cx="103" cy="104" r="70" fill="${paint.ink}" opacity=".15"/><circle cx="100" cy="100" r="70" fill="${paint.round}"/><circle cx="100" cy="100" r="70" fill="${paint.pattern}" opacity=".7"/>` +
  `<circle cx="100" cy="100" r="58" fill="${paint.dark}"/>${face(paint, 100, 100, 56)}`;

const alarm: Drawing = (paint) =>
  `<path d="M62 152l-12 21M138 152l12 21" stroke="${paint.dark}" stroke-width="8" stroke-linecap="round"/><path d="M100 46V34M86 30h28" stroke="${paint.dark}" stroke-width="5" stroke-linecap="round"/>` +
  `<path d="M46 66a26 26 0 0 1 40-24zM154 66a26 26 0 0 0-40-24z" fill="${paint.roundAccent}"/><circle cx="100" cy="110" r="58" fill="${paint.round}"/>${face(paint, 100, 110, 46)}`;

const mantel: Drawing = (paint) =>
  `<path d="M46 164v-58Q46 44 100 44Q154 44 154 106v58z" fill="${paint.round}"/><path d="M56 156v-50Q56 54 100 54Q144 54 144 106v50z" fill="${paint.pattern}" opacity=".8"/>` +
  `<rect x="36" y="160" width="128" height="13" rx="4" fill="${paint.roundAccent}"/><circle cx="100" cy="102" r="42" fill="${paint.roundAccent}"/>${face(paint, 100, 102, 37)}`;

const cuckoo: Drawing = (paint) =>
  `<path d="M74 140v32M126 140v24" stroke="${paint.accent}" stroke-width="2"/><path d="M69 166h10l2 16H67zM121 158h10l2 16h-14z" fill="#7a5539"/><path d="M100 140v26" stroke="${paint.dark}" stroke-width="3"/><circle cx="100" cy="170" r="8" fill="${paint.roundAccent}"/>` +
  `<path d="M56 76h88v68H56z" fill="${paint.round}"/><path d="M56 76h88v68H56z" fill="${paint.pattern}" opacity=".6"/><path d="M100 22 168 84l-10 8L100 42 42 92l-10-8z" fill="${paint.dark}"/><path d="M100 40 56 78h88z" fill="${paint.round}"/>` +
  `<path d="M90 76V64q10-12 20 0v12z" fill="#3a2c22"/><path d="M94 72q2-10 10-8l6 3-6 3q0 6-10 2z" fill="#e9b44c"/>${face(paint, 100, 110, 30)}`;

export const clocks: Readonly<Record<string, Drawing>> = {
  'Wall Clock': wall,
  'Alarm Clock': alarm,
  'Mantel Clock': mantel,
  'Cuckoo Clock': cuckoo,
};
