/** One kind of thing within a category; its name also chooses the drawing. */
export interface Kind {
  readonly name: string;
  /** Usual price in minor units. */
  readonly priceMinor: number;
  readonly sentence: string;
}

/** One shelf of the made-up shop. */
export interface Category {
  readonly name: string;
  /** Start of the ids of its products. */
  readonly prefix: string;
  readonly kinds: readonly Kind[];
  readonly materials: readonly string[];
  readonly tags: readonly string[];
  /** What the colour is the colour of, where it is not the thing itself. */
  readonly vessel?: string;
  /** Categories whose products go with these. */
  readonly goesWith: readonly string[];
  /** Days one lasts, where it is used up; bought again then. */
  readonly lastsDays?: number;
  /** Day of the year at which it sells best, and by how much it swings, 0 to 1. */
  readonly season?: { readonly peakDay: number; readonly swing: number };
}

export const assortment: readonly Category[] = [
  {
    name: 'Lanterns',
    prefix: 'lantern',
    materials: ['brass', 'zinc', 'glass', 'bamboo'],
    tags: ['light', 'garden', 'evening'],
    goesWith: ['Candles'],
    season: { peakDay: 330, swing: 0.4 },
    kinds: [
      {
        name: 'Storm Lantern',
        priceMinor: 3200,
        sentence: 'Its tall glass keeps the flame steady on a windy terrace.',
      },
      { name: 'Paper Lantern', priceMinor: 1400, sentence: 'Folds flat, and glows evenly when it is lit.' },
      { name: 'Moroccan Lantern', priceMinor: 3900, sentence: 'Cut-outs throw stars on the walls around it.' },
      { name: 'Wire Lantern', priceMinor: 2400, sentence: 'An open cage for a pillar candle or a string of lights.' },
    ],
  },
  {
    name: 'Lamps',
    prefix: 'lamp',
    materials: ['linen', 'steel', 'oak', 'ceramic'],
    tags: ['light', 'living room', 'reading'],
    goesWith: ['Clocks', 'Notebooks'],
    season: { peakDay: 345, swing: 0.3 },
    kinds: [
      { name: 'Table Lamp', priceMinor: 5900, sentence: 'Gives a warm pool of light to a sideboard or bed.' },
      { name: 'Desk Lamp', priceMinor: 6400, sentence: 'Its arm stays where you leave it.' },
      { name: 'Floor Lamp', priceMinor: 11900, sentence: 'Stands beside a reading chair on a small foot.' },
      { name: 'Pendant Lamp', priceMinor: 8900, sentence: 'Hangs low over a table without dazzling anyone.' },
    ],
  },
  {
    name: 'Mugs',
    prefix: 'mug',
    materials: ['stoneware', 'bone china', 'enamel'],
    tags: ['kitchen', 'breakfast', 'gift'],
    goesWith: ['Tea & Coffee'],
    kinds: [
      { name: 'Mug', priceMinor: 1300, sentence: 'Holds 350 ml, and sits well in both hands.' },
      { name: 'Espresso Cup', priceMinor: 1100, sentence: 'Thick walls keep a short coffee hot; with its saucer.' },
      { name: 'Travel Mug', priceMinor: 2200, sentence: 'Closes tight and fits the holder of a bicycle.' },
      { name: 'Latte Bowl', priceMinor: 1500, sentence: 'Wide enough to dip a croissant.' },
    ],
  },
  {
    name: 'Candles',
    prefix: 'candle',
    materials: ['beeswax', 'soy wax', 'rapeseed wax'],
    tags: ['light', 'scented', 'gift'],
    goesWith: ['Lanterns', 'Bath & Soap'],
    lastsDays: 16,
    season: { peakDay: 345, swing: 0.5 },
    kinds: [
      { name: 'Pillar Candle', priceMinor: 1200, sentence: 'Burns for sixty hours without dripping.' },
      { name: 'Jar Candle', priceMinor: 1900, sentence: 'Poured by hand into a glass that you will keep.' },
      { name: 'Taper Candles', priceMinor: 900, sentence: 'A pair, dyed all the way through.' },
      { name: 'Tea Lights', priceMinor: 600, sentence: 'A box of twelve, eight hours each.' },
    ],
  },
  {
    name: 'Cushions',
    prefix: 'cushion',
    materials: ['linen', 'velvet', 'cotton', 'wool'],
    tags: ['living room', 'textile', 'soft'],
    goesWith: ['Blankets'],
    kinds: [
      { name: 'Square Cushion', priceMinor: 2900, sentence: 'Filled with feathers; the cover comes off for washing.' },
      { name: 'Round Cushion', priceMinor: 3200, sentence: 'Gathered to a covered button in the middle.' },
      { name: 'Bolster', priceMinor: 3600, sentence: 'Supports a neck, or holds a door on a windy day.' },
      { name: 'Floor Cushion', priceMinor: 5400, sentence: 'Firm enough to sit on through a whole film.' },
    ],
  },
  {
    name: 'Blankets',
    prefix: 'blanket',
    materials: ['wool', 'cotton', 'alpaca'],
    tags: ['bedroom', 'textile', 'soft'],
    goesWith: ['Cushions'],
    season: { peakDay: 335, swing: 0.5 },
    kinds: [
      { name: 'Throw', priceMinor: 5900, sentence: 'Fringed on both ends, 130 by 180 cm.' },
      { name: 'Quilt', priceMinor: 9900, sentence: 'Patchwork on one side, plain on the other.' },
      { name: 'Picnic Blanket', priceMinor: 4500, sentence: 'Rolls up in its own strap; the back sheds water.' },
      { name: 'Baby Blanket', priceMinor: 3400, sentence: 'Soft on new skin, and safe in the machine at 60 °C.' },
    ],
  },
  {
    name: 'Plants',
    prefix: 'plant',
    materials: ['in a nursery pot', 'grown in peat-free soil'],
    tags: ['green', 'living', 'windowsill'],
    vessel: 'Pot',
    goesWith: ['Pots & Vases'],
    season: { peakDay: 130, swing: 0.4 },
    kinds: [
      { name: 'Fern', priceMinor: 1600, sentence: 'Likes shade, a bathroom, and water twice a week.' },
      { name: 'Cactus', priceMinor: 1100, sentence: 'Forgives a month without you.' },
      { name: 'Monstera', priceMinor: 3400, sentence: 'Its leaves open their windows one by one.' },
      { name: 'Snake Plant', priceMinor: 2400, sentence: 'Grows upright in any corner, even a dark one.' },
    ],
  },
  {
    name: 'Pots & Vases',
    prefix: 'pot',
    materials: ['terracotta', 'stoneware', 'glass', 'concrete'],
    tags: ['green', 'windowsill', 'decoration'],
    goesWith: ['Plants'],
    kinds: [
      { name: 'Plant Pot', priceMinor: 1900, sentence: 'Drains into its own saucer; for pots up to 14 cm.' },
      { name: 'Bud Vase', priceMinor: 1500, sentence: 'One stem is all it asks for.' },
      { name: 'Hanging Planter', priceMinor: 2600, sentence: 'With a cotton cord and a hook for the ceiling.' },
      { name: 'Tall Vase', priceMinor: 4200, sentence: 'For branches and long grasses; stands 38 cm high.' },
    ],
  },
  {
    name: 'Clocks',
    prefix: 'clock',
    materials: ['oak', 'steel', 'brass', 'ash'],
    tags: ['time', 'living room', 'decoration'],
    goesWith: ['Lamps'],
    kinds: [
      { name: 'Wall Clock', priceMinor: 5200, sentence: 'Sweeps round without a tick.' },
      { name: 'Alarm Clock', priceMinor: 2900, sentence: 'Two bells, one of them louder than you want.' },
      { name: 'Mantel Clock', priceMinor: 6900, sentence: 'Strikes the hours softly, if you let it.' },
      { name: 'Cuckoo Clock', priceMinor: 9900, sentence: 'The bird stops at night.' },
    ],
  },
  {
    name: 'Tea & Coffee',
    prefix: 'brew',
    materials: ['organic', 'fair trade', 'single origin'],
    tags: ['kitchen', 'breakfast', 'pantry'],
    vessel: 'Tin',
    goesWith: ['Mugs'],
    lastsDays: 13,
    kinds: [
      { name: 'Green Tea', priceMinor: 950, sentence: 'Whole leaves, steamed and rolled; 100 g.' },
      { name: 'Black Tea', priceMinor: 850, sentence: 'Malty and brisk; takes milk well; 125 g.' },
      { name: 'Herbal Tea', priceMinor: 800, sentence: 'Camomile, mint and a little honeybush; 80 g.' },
      { name: 'Coffee Beans', priceMinor: 1400, sentence: 'Roasted on Tuesday, sent on Wednesday; 250 g.' },
    ],
  },
  {
    name: 'Bath & Soap',
    prefix: 'bath',
    materials: ['olive oil', 'shea butter', 'sea salt'],
    tags: ['bathroom', 'scented', 'gift'],
    goesWith: ['Candles'],
    lastsDays: 18,
    kinds: [
      { name: 'Bar Soap', priceMinor: 700, sentence: 'Cured for six weeks, so that it lasts.' },
      { name: 'Bath Salts', priceMinor: 1500, sentence: 'Two handfuls turn an evening around.' },
      { name: 'Hand Wash', priceMinor: 1300, sentence: 'Kind to hands that wash often; refills fit.' },
      { name: 'Bath Bombs', priceMinor: 1100, sentence: 'Three, to fizz on three bad days.' },
    ],
  },
  {
    name: 'Notebooks',
    prefix: 'notebook',
    materials: ['recycled paper', 'cotton paper', 'stone paper'],
    tags: ['desk', 'paper', 'gift'],
    goesWith: ['Lamps', 'Mugs'],
    season: { peakDay: 5, swing: 0.3 },
    kinds: [
      { name: 'Notebook', priceMinor: 1200, sentence: 'Opens flat; 160 pages with a faint dot grid.' },
      { name: 'Sketchbook', priceMinor: 1800, sentence: 'Heavy paper that takes ink and a light wash.' },
      { name: 'Planner', priceMinor: 2200, sentence: 'A week to a page, starting on any Monday.' },
      { name: 'Journal', priceMinor: 2600, sentence: 'Bound with a strap, to keep secrets and receipts in.' },
    ],
  },
];
