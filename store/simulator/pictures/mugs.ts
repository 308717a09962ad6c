import type { Drawing } from './paint.ts';

const steam = (y: number) =>
  `<g fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" opacity=".85"><path d="M84 ${y}q-8-10 0-20t0-20"/><path d="M104 ${y - 2}q-8-10 0-20t0-22"/></g>`;

const mug: Drawing = ({ round, dark, light, pattern }) =>
  `${steam(64)}<path d="M136 92q34-6 32 24t-38 30" fill="none" stroke="${dark}" stroke-width="11"/>` +
  `<path d="M50 76h92l-4 84q-1 12-14 12H68q-13 0-14-12z" fill="${round}"/><path d="M51 98h90l-2 46H53z" fill="${pattern}"/>` +
  `<ellipse cx="96" cy="76" rx="46" ry="9" fill="${light}"/><ellipse cx="96" cy="77" rx="39" ry="6" fill="#5a3a26"/>` +
  `<path d="M62 96q0 36 4 62" fill="none" stroke="#fff" stroke-width="5" opacity=".35" stroke-linecap="round"/>`;

const espresso: Drawing = ({ round, dark, light, accent }) =>
  `${steam(82)}<ellipse cx="100" cy="164" rx="68" ry="11" fill="${dark}"/><ellipse cx="100" cy="160" rx="68" ry="11" fill="${light}"/><ellipse cx="100" cy="160" rx="36" ry="5" fill="${dark}" opacity=".3"/>` +
  `<path d="M134 104q24-4 22 14t-28 18" fill="none" stroke="${dark}" stroke-width="8"/><path d="M60 92h80q0 50-22 68H82Q60 142 60 92z" fill="${round}"/>` +
  `<path d="M61 104h78l-2 12H63z" fill="${accent}"/><ellipse cx="100" cy="92" rx="40" ry="8" fill="${light}"/><ellipse cx="100" cy="93" rx="33" ry="5.5" fill="#4a2e1d"/><ellipse cx="94" cy="92" rx="14" ry="2" fill="#b98a5a"/>`;

const travel: Drawing = ({ round, roundAccent, dark, pattern, light }) =>
  `<path d="M64 56h72l-12 112q-1 6-7 6H83q-6 0-7-6z" fill="${round}"/><path d="M68 92h64l-5 46H73z" fill="${pattern}" opacity=".8"/>` +
  `<path d="M60 40q0-8 8-8h64q8 0 8 8v18H60z" fill="${roundAccent}"/><rect x="82" y="22" width="30" height="12" rx="4" fill="${dark}"/>` +
  `<path d="M66 92h68l-1 7H67z" fill="${dark}" opacity=".5"/><path d="M78 66l8 96" stroke="${light}" stroke-width="5" opacity=".6" stroke-linecap="round"/>`;

const bowl: Drawing = ({ round, light, dark, pattern, accent }) =>
  `${steam(86)}<path d="M36 96h128q-2 58-44 70H80Q38 154 36 96z" fill="${round}"/><path d="M38 112h124q-4 26-18 40H56Q42 138 38 112z" fill="${pattern}"/>` +
  `<rect x="76" y="164" width="48" height="9" rx="3" fill="${dark}"/><ellipse cx="100" cy="96" rx="64" ry="12" fill="${light}"/><ellipse cx="100" cy="97" rx="56" ry="9" fill="#c39a6b"/>` +
  `<path d="M100 103q-22-5-14-9 6-3 14 2 8-5 14-2 8 4-14 9z" fill="#fff5e2"/><path d="M37 103q63 20 126 0" fill="none" stroke="${accent}" stroke-width="2"/>`;

export const mugs: Readonly<Record<string, Drawing>> = {
  Mug: mug,
  'Espresso Cup': espresso,
  'Travel Mug': travel,
  'Latte Bowl': bowl,
};
