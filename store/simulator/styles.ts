/** Colours of the shop by name, so that a picture can be drawn from a product's attributes. */
export const colours = {
  amber: '#d9902f',
  blush: '#e3a6a1',
  brass: '#c59a3f',
  charcoal: '#4a4f55',
  clay: '#bf6b4a',
  cloud: '#cfd6dc',
  coral: '#ec7b6a',
  cream: '#e9dcc3',
  denim: '#4f6d94',
  forest: '#3f6b4f',
  graphite: '#5d6166',
  ivory: '#efe6d2',
  lavender: '#a99bc9',
  lemon: '#f0cf5a',
  mint: '#8fcbb0',
  mist: '#a9bdc4',
  moss: '#7d8f4f',
  navy: '#2f4468',
  oat: '#d6c3a1',
  ochre: '#cf9a3c',
  plum: '#7c4a6b',
  rose: '#cf7a8b',
  rust: '#a9552f',
  sage: '#9bb08a',
  sand: '#dcc79e',
  sky: '#86b6d6',
  slate: '#66788a',
  steel: '#8b98a3',
  teal: '#3f8a8c',
  terracotta: '#c8714f',
  tomato: '#d9523f',
  walnut: '#7a5539',
} as const;

export type ColourName = keyof typeof colours;

/** A look that runs through all categories, and that a shopper may love or pass by. */
export interface Style {
  readonly name: string;
  /** Collections of this look; each begins a product's title. */
  readonly collections: readonly string[];
  readonly colours: readonly ColourName[];
  readonly pattern: string;
  readonly sentence: string;
  /** What the look adds to a price. */
  readonly priceFactor: number;
}

export const styles: readonly Style[] = [
  {
    name: 'nordic',
    collections: ['Fjord', 'Birch', 'Lumi', 'Aurora'],
    colours: ['cloud', 'mist', 'ivory', 'slate'],
    pattern: 'chevron',
    sentence: 'Calm lines and pale tones from the north.',
    priceFactor: 1.15,
  },
  {
    name: 'rustic',
    collections: ['Farmhouse', 'Hearth', 'Orchard', 'Barn'],
    colours: ['oat', 'walnut', 'rust', 'cream'],
    pattern: 'check',
    sentence: 'Made to look better with every year of use.',
    priceFactor: 0.95,
  },
  {
    name: 'botanical',
    collections: ['Meadow', 'Fern Hill', 'Wildwood', 'Greenhouse'],
    colours: ['sage', 'forest', 'moss', 'mint'],
    pattern: 'leaf',
    sentence: 'Drawn from leaves pressed in an old herbarium.',
    priceFactor: 1,
  },
  {
    name: 'industrial',
    collections: ['Foundry', 'Dockside', 'Loft', 'Workshop'],
    colours: ['charcoal', 'graphite', 'steel', 'brass'],
    pattern: 'grid',
    sentence: 'Honest materials, visible screws, no fuss.',
    priceFactor: 1.1,
  },
  {
    name: 'coastal',
    collections: ['Harbour', 'Driftwood', 'Seaglass', 'Lighthouse'],
    colours: ['navy', 'sky', 'sand', 'teal'],
    pattern: 'stripe',
    sentence: 'A little salt air for rooms far from the sea.',
    priceFactor: 1,
  },
  {
    name: 'vintage',
    collections: ['Parlour', 'Tea Rose', 'Attic', 'Grand Hotel'],
    colours: ['rose', 'plum', 'ochre', 'blush'],
    pattern: 'diamond',
    sentence: 'As if found on the best stall of a Sunday market.',
    priceFactor: 1.05,
  },
  {
    name: 'modern',
    collections: ['Mono', 'Arc', 'Studio', 'Volume'],
    colours: ['terracotta', 'teal', 'graphite', 'ivory'],
    pattern: 'arc',
    sentence: 'One shape, one colour, nothing to take away.',
    priceFactor: 1.3,
  },
  {
    name: 'playful',
    collections: ['Confetti', 'Pip', 'Jelly Bean', 'Circus'],
    colours: ['coral', 'lemon', 'lavender', 'tomato'],
    pattern: 'dot',
    sentence: 'Bright enough to win over a Monday.',
    priceFactor: 0.85,
  },
];
