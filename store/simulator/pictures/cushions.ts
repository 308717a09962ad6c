import type { Drawing } from './paint.ts';

const SQUARE = 'M42 48Q100 62 158 48Q148 108 158 168Q100 156 42 168Q52 108 42 48Z';

const square: Drawing = ({ main, pattern, dark, light, accent }) =>
  `<path d="${SQUARE}" fill="${main}"/><path d="${SQUARE}" fill="${pattern}"/><path d="${SQUARE}" fill="none" stroke="${accent}" stroke-width="3"/>` +
  `<path d="M158 48Q148 108 158 168Q128 160 100 161Q140 130 134 56Z" fill="${dark}" opacity=".22"/><path d="M56 66q8 20 6 44" fill="none" stroke="${light}" stroke-width="6" stroke-linecap="round" opacity=".6"/>`;

const round: Drawing = ({ main, dark, light, accent, pattern }) => {
  const folds = Array.from({ length: 16 }, (_, index) => {
    const angle = (index / 16) * 2 * Math.PI;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    return `M${(100 + 12 * x).toFixed(1)} ${(108 + 12 * y).toFixed(1)}L${(100 + 54 * x).toFixed(1)} ${(108 + 54 * y).toFixed(1)}`;
  });
  return (
    `<circle cx="100" cy="108" r="64" fill="${main}"/><circle cx="100" cy="108" r="64" fill="${pattern}" opacity=".55"/><circle cx="100" cy="108" r="64" fill="none" stroke="${accent}" stroke-width="4"/>` +
    `<path d="${folds.join('')}" stroke="${dark}" stroke-width="2.5" opacity=".4" stroke-linecap="round"/>` +
    `<path d="M56 82q12-22 34-26" fill="none" stroke="${light}" stroke-width="6" opacity=".6" stroke-linecap="round"/><circle cx="100" cy="108" r="10" fill="${accent}"/><circle cx="97" cy="105" r="3" fill="#fff" opacity=".6"/>`
  );
};

const bolster: Drawing = ({ main, dark, light, accent, pattern }) =>
  `<path d="M46 92h116q16 8 16 38t-16 38H46z" fill="${main}"/><path d="M46 92h116q16 8 16 38t-16 38H46z" fill="${pattern}"/>` +
  `<path d="M46 144h130q-4 20-14 24H46z" fill="${dark}" opacity=".28"/><path d="M60 104h96" stroke="${light}" stroke-width="6" stroke-linecap="round" opacity=".55"/>` +
  `<ellipse cx="46" cy="130" rx="20" ry="38" fill="${dark}"/><ellipse cx="46" cy="130" rx="15" ry="31" fill="${main}"/><circle cx="46" cy="130" r="6" fill="${accent}"/><path d="M46 99v62M32 112l28 36M60 112l-28 36" stroke="${dark}" opacity=".45"/>`;

const floor: Drawing = ({ main, dark, light, accent, pattern }) =>
  `<path d="M28 124q72-34 144 0v30q0 16-18 16H46q-18 0-18-16z" fill="${dark}"/><path d="M28 124q4-34 72-36 68 2 72 36-4 24-72 26-68-2-72-26z" fill="${main}"/>` +
  `<path d="M28 124q4-34 72-36 68 2 72 36-4 24-72 26-68-2-72-26z" fill="${pattern}"/><path d="M28 124q4 24 72 26 68-2 72-26" fill="none" stroke="${accent}" stroke-width="3"/>` +
  `<path d="M60 104q20-9 42-9" fill="none" stroke="${light}" stroke-width="5" opacity=".6" stroke-linecap="round"/><path d="M166 132l16 8-8 6 10 8" fill="none" stroke="${accent}" stroke-width="4" stroke-linecap="round"/>`;

export const cushions: Readonly<Record<string, Drawing>> = {
  'Square Cushion': square,
  'Round Cushion': round,
  Bolster: bolster,
  'Floor Cushion': floor,
};
