import type { Drawing } from './paint.ts';

const pages =
  '<path d="M62 40h88v130H62z" fill="#fffaf0" transform="translate(5 4)"/><path d="M152 46v124M149 46v124" stroke="#d8cdb8"/>';

const notebook: Drawing = ({ main, dark, pattern, accent, light }) =>
  `<g transform="rotate(-5 100 105)">${pages}<rect x="52" y="36" width="98" height="134" rx="7" fill="${main}"/><rect x="52" y="36" width="98" height="134" rx="7" fill="${pattern}" opacity=".8"/>` +
  `<rect x="52" y="36" width="14" height="134" rx="6" fill="${dark}"/><rect x="82" y="64" width="48" height="30" rx="3" fill="#fffaf0"/><path d="M88 75h36M88 84h24" stroke="${dark}" stroke-width="2"/>` +
  `<path d="M138 36v134" stroke="${accent}" stroke-width="5"/><path d="M72 44h50" stroke="${light}" stroke-width="3" opacity=".7" stroke-linecap="round"/></g>`;

const sketchbook: Drawing = ({ main, dark, pattern, accent, ink }) => {
  const rings = Array.from(
    { length: 9 },
    (_, index) =>
      `<ellipse cx="${48 + index * 13}" cy="56" rx="3.5" ry="9" fill="none" stroke="${ink}" stroke-width="2.5"/>`,
  );
  return (
    `<rect x="34" y="62" width="132" height="108" rx="4" fill="#fffaf0" transform="translate(4 3)"/><rect x="34" y="56" width="132" height="112" rx="5" fill="${main}"/><rect x="34" y="56" width="132" height="112" rx="5" fill="${pattern}" opacity=".6"/>` +
    `<rect x="58" y="84" width="84" height="64" rx="3" fill="#fffaf0"/><path d="M62 144l22-30 16 20 12-14 26 24z" fill="${dark}" opacity=".8"/><circle cx="122" cy="100" r="8" fill="${accent}"/>${rings.join('')}` +
    `<path d="M132 176 176 96l8 5-44 79-9 5z" fill="#e9b44c"/><path d="M132 176l8 4-9 5z" fill="${ink}"/>`
  );
};

const planner: Drawing = ({ main, dark, light, accent, pattern }) => {
  const tabs = [light, accent, dark, main].map(
    (fill, index) => `<rect x="140" y="${54 + index * 28}" width="22" height="20" rx="5" fill="${fill}"/>`,
  );
  const days = Array.from(
    { length: 21 },
    (_, index) =>
      `<rect x="${70 + (index % 7) * 9.5}" y="${104 + Math.floor(index / 7) * 11}" width="7" height="8" rx="1.5" fill="${index % 7 > 4 ? accent : dark}" opacity=".75"/>`,
  );
  return (
    `${tabs.join('')}<rect x="50" y="38" width="98" height="134" rx="8" fill="${main}"/><rect x="50" y="38" width="98" height="134" rx="8" fill="${pattern}" opacity=".7"/>` +
    `<rect x="62" y="74" width="80" height="70" rx="5" fill="#fffaf0"/><rect x="62" y="74" width="80" height="20" rx="5" fill="${dark}"/><path d="M72 84h40" stroke="#fffaf0" stroke-width="4" stroke-linecap="round"/>${days.join('')}<path d="M84 172v14l6-5 6 5v-14z" fill="${accent}"/>`
  );
};

const journal: Drawing = ({ main, dark, light, pattern, accent }) =>
  `<g transform="rotate(4 100 105)">${pages}<rect x="50" y="36" width="100" height="136" rx="5" fill="${main}"/><rect x="60" y="46" width="80" height="116" rx="3" fill="none" stroke="${light}" stroke-width="1.5" stroke-dasharray="4 3"/>` +
  `<rect x="72" y="56" width="56" height="38" rx="3" fill="${dark}"/><rect x="72" y="56" width="56" height="38" rx="3" fill="${pattern}"/><path d="M50 122h100" stroke="${dark}" stroke-width="15"/><path d="M50 122h100" stroke="${accent}" stroke-width="1.5" stroke-dasharray="4 3"/>` +
  `<rect x="92" y="108" width="26" height="28" rx="4" fill="${accent}"/><rect x="98" y="114" width="14" height="16" rx="2" fill="${dark}"/></g>`;

export const notebooks: Readonly<Record<string, Drawing>> = {
  Notebook: notebook,
  Sketchbook: sketchbook,
  Planner: planner,
  Journal: journal,
};
