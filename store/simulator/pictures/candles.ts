import type { Drawing } from './paint.ts';

const flame = (x: number, y: number, size = 1) =>
  `<g transform="translate(${x} ${y}) scale(${size})"><circle r="46" cy="-14" fill="url(#g)"/><path d="M0-2v8" stroke="#3a2c22" stroke-width="2.5"/>` +
  `<path d="M0-36q14 20 0 36q-14-16 0-36z" fill="#f8a531"/><path d="M0-17q6 9 0 16q-6-7 0-16z" fill="#fff1bd"/></g>`;

const pillar: Drawing = ({ round, light, dark, pattern }) =>
  `<ellipse cx="100" cy="168" rx="58" ry="9" fill="${dark}"/><ellipse cx="100" cy="165" rx="58" ry="8" fill="${light}"/>` +
  `<path d="M64 74h72v88q-36 12-72 0z" fill="${round}"/><path d="M64 116h72v46q-36 12-72 0z" fill="${pattern}" opacity=".6"/>` +
  `<ellipse cx="100" cy="74" rx="36" ry="9" fill="${light}"/><path d="M118 80q2 24 6 28t6-26z" fill="${light}"/>${flame(100, 68)}`;

const jar: Drawing = ({ round, light, ink, accent, pattern }) =>
  `<path d="M52 82h96v78q0 13-13 13H65q-13 0-13-13z" fill="#fff" opacity=".55"/><path d="M58 100h84v58q0 10-10 10H68q-10 0-10-10z" fill="${round}"/>` +
  `<ellipse cx="100" cy="100" rx="42" ry="7" fill="${light}"/><rect x="70" y="116" width="60" height="38" rx="4" fill="#fffaf0"/>` +
  `<rect x="74" y="120" width="52" height="14" fill="${pattern}"/><path d="M82 142h36M88 148h24" stroke="${ink}" stroke-width="2"/>` +
  `<path d="M52 82h96v78q0 13-13 13H65q-13 0-13-13z" fill="none" stroke="${accent}" stroke-width="2.5"/><ellipse cx="100" cy="82" rx="48" ry="8" fill="none" stroke="${accent}" stroke-width="2.5"/>${flame(100, 96, 0.9)}`;

const tapers: Drawing = ({ round, roundAccent, light }) =>
  [72, 128]
    .map((x, index) => {
      const top = 62 - index * 14;
      return (
        `<path d="M${x - 7} ${top + 6}q7-8 14 0l3 92h-20z" fill="${round}"/><path d="M${x - 2} ${top + 16}v70" stroke="${light}" stroke-width="3" opacity=".7"/>` +
        `<path d="M${x - 13} ${148}h26l-6 16h14v9h-42v-9h14z" fill="${roundAccent}"/>${flame(x, top, 0.7)}`
      );
    })
    .join('');

const teaLights: Drawing = ({ round, light, dark, variation }) =>
  [
    [66, 140, 1],
    [134, 142, 1],
    [100, 156, 1.15],
  ]
    .map(
      ([x, y, size], index) =>
        `<g transform="translate(${x} ${y}) scale(${size})"><path d="M-28-8v18q28 12 56 0v-18z" fill="${round}"/><ellipse cy="-8" rx="28" ry="8" fill="${dark}"/>` +
        `<ellipse cy="-8" rx="24" ry="6" fill="${light}"/>${flame(0, -10, 0.62 + 0.1 * ((variation * 7 + index) % 1))}</g>`,
    )
    .join('');

export const candles: Readonly<Record<string, Drawing>> = {
  'Pillar Candle': pillar,
  'Jar Candle': jar,
  'Taper Candles': tapers,
  'Tea Lights': teaLights,
};
