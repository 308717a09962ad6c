import type { Drawing } from './paint.ts';

const plantPot: Drawing = ({ round, roundAccent, dark, light, pattern }) =>
  `<path d="M50 66h100l-14 90q-1 8-10 8H74q-9 0-10-8z" fill="${round}"/><path d="M53 84h94l-8 56H61z" fill="${pattern}"/>` +
  `<rect x="42" y="50" width="116" height="20" rx="6" fill="${round}"/><ellipse cx="100" cy="51" rx="52" ry="6" fill="${dark}"/><path d="M52 62h40" stroke="${light}" stroke-width="4" stroke-linecap="round" opacity=".7"/>` +
  `<path d="M52 162h96l-6 11H58z" fill="${roundAccent}"/>`;

const budVase: Drawing = ({ round, light, pattern, accent }) =>
  `<path d="M100 84Q92 50 104 24" fill="none" stroke="#3f8355" stroke-width="3"/><path d="M98 60q-22-2-24-20q20 0 24 20z" fill="#5a9c62"/>` +
  `<g transform="translate(104 24)">${[0, 60, 120, 180, 240, 300].map((turn) => `<ellipse cy="-10" rx="6" ry="11" fill="${light}" stroke="${accent}" transform="rotate(${turn})"/>`).join('')}<circle r="6" fill="#e9b44c"/></g>` +
  `<path d="M88 78h24l-2 24q28 10 28 38 0 33-38 33t-38-33q0-28 28-38z" fill="${round}"/><path d="M66 126h68q6 14 2 28H64q-4-14 2-28z" fill="${pattern}" opacity=".8"/>` +
  `<ellipse cx="100" cy="78" rx="14" ry="4" fill="${accent}"/><path d="M76 122q-6 12-2 26" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round" opacity=".45"/>`;

const hanging: Drawing = ({ round, pattern, dark, accent }) => {
  const trails = [
    [58, 52],
    [76, 66],
    [124, 58],
    [142, 70],
  ].map(([x, length]) => {
    const leaves = Array.from({ length: Math.floor((length as number) / 11) }, (_, leaf) => {
      const side = leaf % 2 ? 5 : -5;
      return `<circle cx="${(x as number) + side}" cy="${114 + leaf * 11}" r="5" fill="${leaf % 2 ? '#5a9c62' : '#3f8355'}"/>`;
    });
    return `<path d="M${x} 104v${length}" stroke="#3f8355" stroke-width="2"/>${leaves.join('')}`;
  });
  return (
    `<path d="M100 0v18M100 18 44 106M100 18l56 88M100 18v80" fill="none" stroke="${accent}" stroke-width="3"/><circle cx="100" cy="20" r="6" fill="${accent}"/>` +
    `<path d="M56 100q10-28 30-14 12-26 30 0 22-12 28 14z" fill="#3f8355"/><path d="M70 100q8-18 22-8 10-14 24 2z" fill="#5a9c62"/>` +
    `<path d="M40 100h120q-4 48-40 54H80q-36-6-40-54z" fill="${round}"/><path d="M43 114h114q-6 22-16 30H59q-10-8-16-30z" fill="${pattern}"/><path d="M40 100h120" stroke="${dark}" stroke-width="4"/>${trails.join('')}`
  );
};

const tall: Drawing = ({ round, pattern, light, accent, dark }) => {
  const grass = [-24, -10, 4, 18].map(
    (lean, index) =>
      `<path d="M100 66Q${100 + lean * 0.6} 46 ${100 + lean * 1.6} ${20 + (index % 2) * 8}" fill="none" stroke="#b59a63" stroke-width="2"/>` +
      `<ellipse cx="${100 + lean * 1.7}" cy="${20 + (index % 2) * 8}" rx="6" ry="16" transform="rotate(${lean} ${100 + lean * 1.7} ${20 + (index % 2) * 8})" fill="#e3cfa0"/>`,
  );
  return (
    `${grass.join('')}<path d="M84 58h32q-4 18 10 38 16 26 4 64-2 13-14 13H84q-12 0-14-13-12-38 4-64 14-20 10-38z" fill="${round}"/>` +
    `<path d="M72 100h56q12 18 6 42H66q-6-24 6-42z" fill="${pattern}"/><ellipse cx="100" cy="58" rx="17" ry="4" fill="${dark}"/><path d="M82 96q-10 24-4 58" fill="none" stroke="${light}" stroke-width="5" opacity=".6" stroke-linecap="round"/><path d="M86 64h28" stroke="${accent}" stroke-width="3"/>`
  );
};

export const pots: Readonly<Record<string, Drawing>> = {
  'Plant Pot': plantPot,
  'Bud Vase': budVase,
  'Hanging Planter': hanging,
  'Tall Vase': tall,
};
