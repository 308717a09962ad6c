import type { Drawing } from './paint.ts';

const bubble = (x: number, y: number, radius: number) =>
  `<circle cx="${x}" cy="${y}" r="${radius}" fill="#fff" opacity=".65"/><circle cx="${x - radius * 0.3}" cy="${y - radius * 0.3}" r="${radius * 0.25}" fill="#fff"/>`;

const soap: Drawing = ({ main, dark, light, pattern, ink, accent }) =>
  `<path d="M36 150q64 18 128 0v10q-64 24-128 0z" fill="${accent}"/><path d="M40 122q0-12 12-14l92-8q14 0 16 12v28q0 12-14 14l-90 8q-16 0-16-14z" fill="${dark}"/>` +
  `<path d="M40 112q0-12 12-14l92-8q14 0 16 12v24q0 12-14 14l-90 8q-16 0-16-14z" fill="${main}"/><path d="M66 97l44-4v48l-44 4z" fill="#fffaf0"/><path d="M66 97l44-4v48l-44 4z" fill="${pattern}" opacity=".8"/>` +
  `<path d="M74 118l28-2v14l-28 2z" fill="#fffaf0"/><path d="M78 126l20-1.5" stroke="${ink}" stroke-width="2"/><path d="M118 100l30-2" stroke="${light}" stroke-width="5" stroke-linecap="round"/>` +
  `${bubble(140, 72, 13)}${bubble(118, 58, 8)}${bubble(156, 48, 6)}${bubble(52, 80, 9)}`;

const salts: Drawing = ({ main, light, dark, accent, pattern, ink }) => {
  const grains = Array.from({ length: 36 }, (_, index) => {
    const [x, y] = [60 + ((index * 37) % 80), 92 + ((index * 23) % 72)];
    return `<rect x="${x}" y="${y}" width="6" height="6" transform="rotate(${index * 29} ${x} ${y})" fill="${index % 3 ? light : dark}" opacity=".55"/>`;
  });
  return (
    `<rect x="50" y="70" width="100" height="103" rx="16" fill="#fff" opacity=".7"/><path d="M56 90h88v66q0 11-11 11H67q-11 0-11-11z" fill="${main}"/>${grains.join('')}` +
    `<rect x="50" y="70" width="100" height="103" rx="16" fill="none" stroke="${dark}" stroke-width="2" opacity=".6"/><rect x="66" y="108" width="68" height="40" rx="4" fill="#fffaf0"/><rect x="70" y="112" width="60" height="14" fill="${pattern}"/><path d="M80 136h40" stroke="${ink}" stroke-width="2.5"/>` +
    `<rect x="62" y="42" width="76" height="30" rx="8" fill="#c99e6a"/><path d="M66 52h68M66 62h68" stroke="#a67f4f" opacity=".6"/><path d="M50 80q50 12 100 0" fill="none" stroke="${accent}" stroke-width="4"/>`
  );
};

const handWash: Drawing = ({ round, roundAccent, dark, light, pattern, ink }) =>
  `<path d="M96 56V34H70q-10 0-12 10h8q2-3 6-3h38v15z" fill="${dark}"/><rect x="84" y="52" width="34" height="18" rx="4" fill="${roundAccent}"/>` +
  `<path d="M64 92q0-24 24-24h26q24 0 24 24v68q0 13-13 13H77q-13 0-13-13z" fill="${round}"/><rect x="74" y="100" width="54" height="52" rx="4" fill="#fffaf0"/><rect x="78" y="104" width="46" height="20" fill="${pattern}"/>` +
  `<path d="M86 134h30M90 142h22" stroke="${ink}" stroke-width="2.5"/><path d="M70 96v62" stroke="${light}" stroke-width="4" stroke-linecap="round"/>${bubble(44, 60, 8)}${bubble(34, 80, 5)}`;

const bombs: Drawing = ({ round, roundAccent, light, dark, variation }) =>
  [
    [64, 138, round],
    [136, 138, round],
    [100, 92, roundAccent],
  ]
    .map(([x, y, fill], ball) => {
      const specks = Array.from({ length: 11 }, (_, index) => {
        const angle = index * 2.4 + variation * 6 + ball;
        const radius = 6 + ((index * 7) % 24);
        return `<circle cx="${(Number(x) + radius * Math.cos(angle)).toFixed(1)}" cy="${(Number(y) + radius * Math.sin(angle)).toFixed(1)}" r="2.5" fill="${index % 2 ? light : dark}"/>`;
      });
      return `<circle cx="${x}" cy="${y}" r="35" fill="${fill}"/>${specks.join('')}<path d="M${Number(x) - 24} ${Number(y) - 10}q6-14 20-16" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round" opacity=".6"/>`;
    })
    .join('') +
  bubble(156, 76, 8) +
  bubble(40, 82, 6);

export const bath: Readonly<Record<string, Drawing>> = {
  'Bar Soap': soap,
  'Bath Salts': salts,
  'Hand Wash': handWash,
  'Bath Bombs': bombs,
};
