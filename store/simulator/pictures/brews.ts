import type { Drawing, Paint } from './paint.ts';

const tin = ({ round, roundAccent, pattern, dark, light }: Paint, emblem: string) =>
  `<rect x="56" y="56" width="88" height="117" rx="8" fill="${round}"/><rect x="56" y="66" width="88" height="98" fill="${pattern}" opacity=".7"/>` +
  `<rect x="52" y="36" width="96" height="26" rx="8" fill="${roundAccent}"/><path d="M56 66h88" stroke="${dark}" stroke-width="3" opacity=".4"/>` +
  `<path d="M66 74v84" stroke="${light}" stroke-width="5" opacity=".6" stroke-linecap="round"/><circle cx="100" cy="116" r="32" fill="#fffaf0"/><circle cx="100" cy="116" r="28" fill="none" stroke="${dark}" stroke-width="1.5"/>${emblem}`;

const greenTea: Drawing = (paint) =>
  tin(
    paint,
    '<path d="M100 134Q76 124 84 98Q106 104 100 134Z" fill="#5a9c62"/><path d="M100 134Q98 108 118 102Q124 124 100 134Z" fill="#3f8355"/><path d="M100 138v-18" stroke="#2f6b45" stroke-width="2"/>',
  );

const blackTea: Drawing = (paint) =>
  tin(
    paint,
    `<path d="M82 106h32v14q0 14-16 14t-16-14z" fill="${paint.ink}"/><path d="M114 109q12 0 10 9t-13 7" fill="none" stroke="${paint.ink}" stroke-width="4"/><path d="M92 102q-4-6 0-11M102 102q-4-6 0-11" fill="none" stroke="${paint.ink}" stroke-width="2.5" stroke-linecap="round"/>`,
  );

const herbalTea: Drawing = (paint) =>
  tin(
    paint,
    `<g transform="translate(100 112)">${[0, 45, 90, 135, 180, 225, 270, 315].map((turn) => `<ellipse cy="-11" rx="4.5" ry="9" fill="#fff" stroke="#c9bda6" transform="rotate(${turn})"/>`).join('')}<circle r="7" fill="#e9b44c"/></g><path d="M100 124q-2 8 2 14" stroke="#3f8355" stroke-width="2.5" fill="none"/>`,
  );

const bean = (x: number, y: number, turn: number) =>
  `<g transform="translate(${x} ${y}) rotate(${turn})"><ellipse rx="8" ry="12" fill="#5a3a26"/><path d="M0-11q-5 11 0 22" fill="none" stroke="#2e1c11" stroke-width="2"/></g>`;

const coffee: Drawing = ({ round, pattern, dark, light, accent }) =>
  `<path d="M56 46h88l8 120q0 7-7 7H55q-7 0-7-7z" fill="${round}"/><path d="M54 76h92l4 62H50z" fill="${pattern}" opacity=".7"/>` +
  `<path d="M58 28h84v22H58z" fill="${dark}"/><path d="M58 34h84" stroke="${accent}" stroke-width="4"/><path d="M64 60l-6 100" stroke="${light}" stroke-width="5" opacity=".5" stroke-linecap="round"/>` +
  `<rect x="70" y="86" width="60" height="54" rx="6" fill="#fffaf0"/>${bean(92, 112, -24)}${bean(110, 116, 28)}${bean(34, 168, 70)}${bean(166, 166, -62)}${bean(148, 174, 100)}`;

export const brews: Readonly<Record<string, Drawing>> = {
  'Green Tea': greenTea,
  'Black Tea': blackTea,
  'Herbal Tea': herbalTea,
  'Coffee Beans': coffee,
};
