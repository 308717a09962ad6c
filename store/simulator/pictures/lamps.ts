import type { Drawing } from './paint.ts';

const table: Drawing = ({ round, roundAccent, pattern, dark }) =>
  `<circle cx="100" cy="92" r="88" fill="url(#g)" opacity=".7"/><path d="M84 118q-22 24-6 50h44q16-26-6-50z" fill="${roundAccent}"/>` +
  `<rect x="94" y="98" width="12" height="24" fill="${dark}"/><rect x="72" y="164" width="56" height="9" rx="4" fill="${dark}"/>` +
  `<path d="M72 38h56l24 68H48z" fill="${round}"/><path d="M72 38h56l24 68H48z" fill="${pattern}" opacity=".6"/>` +
  `<path d="M72 38h56l24 68H48z" fill="url(#g)" opacity=".5"/><path d="M48 106h104" stroke="${dark}" stroke-width="2" opacity=".5"/>`;

const desk: Drawing = ({ round, roundAccent, dark }) =>
  `<path d="M54 96 18 172h108L100 72z" fill="#ffe9a6" opacity=".5"/><ellipse cx="126" cy="168" rx="38" ry="6" fill="${dark}"/>` +
  `<ellipse cx="126" cy="164" rx="36" ry="6" fill="${round}"/><path d="M128 162 150 106 98 58" fill="none" stroke="${dark}" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"/>` +
  `<circle cx="150" cy="106" r="7" fill="${roundAccent}"/><circle cx="98" cy="58" r="6" fill="${roundAccent}"/>` +
  `<path d="M86 46Q100 42 106 54L112 74 46 104Q46 70 86 46Z" fill="${round}"/><path d="M46 104 112 74q2 12-30 26t-36 4z" fill="#fff3c4"/>`;

const floor: Drawing = ({ round, pattern, dark, accent }) =>
  `<circle cx="100" cy="60" r="70" fill="url(#g)" opacity=".8"/><path d="M100 78v92M100 112 70 172M100 112l30 60" stroke="${accent}" stroke-width="5" stroke-linecap="round"/>` +
  `<circle cx="100" cy="112" r="6" fill="${dark}"/><path d="M64 22h72l8 58H56z" fill="${round}"/><path d="M64 22h72l8 58H56z" fill="${pattern}" opacity=".5"/>` +
  `<ellipse cx="100" cy="80" rx="44" ry="6" fill="#fff3c4"/>`;

const pendant: Drawing = ({ round, roundAccent, dark, light }) =>
  `<path d="M100 0v46" stroke="${dark}" stroke-width="3"/><path d="M40 116 12 200h176l-28-84z" fill="#ffe9a6" opacity=".35"/>` +
  `<rect x="90" y="42" width="20" height="18" rx="4" fill="${roundAccent}"/><path d="M100 56q58 4 62 62H38q4-58 62-62z" fill="${round}"/>` +
  `<path d="M58 96q8-22 28-30" fill="none" stroke="${light}" stroke-width="5" stroke-linecap="round" opacity=".8"/>` +
  `<ellipse cx="100" cy="118" rx="62" ry="8" fill="${dark}"/><circle cx="100" cy="121" r="42" fill="url(#g)"/><circle cx="100" cy="120" r="13" fill="#fff6d6"/>`;

export const lamps: Readonly<Record<string, Drawing>> = {
  'Table Lamp': table,
  'Desk Lamp': desk,
  'Floor Lamp': floor,
  'Pendant Lamp': pendant,
};
