/** Categories of a gift shop, told by words of a title; the first that fits wins, so the more telling come first. */
const categories: readonly (readonly [name: string, words: RegExp])[] = [
  ['Christmas', /\b(christmas|xmas|advent|santa|reindeer|bauble|snowflake|snowman|nativity|noel|sleigh|rudolph)/],
  [
    'Bags & Purses',
    /\b(bags?|jumbo bag|shopper|tote|rucksack|purses?|wallets?|luggage|handbags?|suitcases?|passport)\b/,
  ],
  [
    'Candles & Lights',
    /\b(candles?|t-?lights?|tea ?lights?|lanterns?|lamps?|lampshades?|lights?|candlesticks?|chandelier|torch|incense|nightlight|candleholder|oil burner)\b/,
  ],
  ['Clocks & Mirrors', /\b(clocks?|mirrors?|watch)\b/],
  [
    'Jewellery & Accessories',
    /\b(necklaces?|bracelets?|earrings?|brooch|bangle|rings?|hair ?(slide|clip|band|grip|comb)s?|keyrings?|key ?(ring|chain|fob)s?|charm|umbrellas?|parasol|scarf|hat|gloves?|compact|jewellery|pendant|beads?|diamante|phone charm)\b/,
  ],
  [
    'Stationery & Cards',
    /\b(cards?|notebooks?|note ?books?|pencils?|pens?|journal|stickers?|envelopes?|stationery|erasers?|rubbers?|rulers?|letters?|memo|diary|calculator|tape|stamps?|chalk|crayons?|writing set|wrap|gift ?wrap|ribbons?|tissue|magnets?)\b/,
  ],
  [
    'Party',
    /\b(bunting|party|balloons?|napkins?|paper chains?|garlands?|invites?|invitations?|streamers?|doil(y|ies)|cake ?cases|candle set|birthday|confetti|straws?|pi[nñ]ata)\b/,
  ],
  [
    'Kitchen & Dining',
    /\b(mugs?|cups?|saucers?|teapots?|teacups?|tea|coffee|cake|cakestand|baking|bowls?|plates?|kitchen|aprons?|jars?|spoons?|cutlery|(baking|cake|biscuit|tea) tins?|bottles?|lunch|recipe|jam|eggs?|cook\w*|oven|jugs?|glass(es)?|tumbler|coasters?|placemats?|trays?|dishes|dish|popcorn|bread|milk|sugar|butter|salt|pepper|measuring|scales?|colander|toast|pantry|cutters?|moulds?|rack|picnic|flask|thermos|beaker|goblet|decanter)\b/,
  ],
  [
    'Toys & Games',
    /\b(toys?|games?|dolls?|playing|puzzles?|jigsaw|skittles|spaceboy|dominoes|blocks?|soldiers?|marbles|snap|bingo|ludo|snakes|skipping|yoyo|harmonica|kit|colouring|paint|play ?house|teddy|bear|knitting|spinning|whistle|rocking horse|catch|magic|dinosaurs?)\b/,
  ],
  [
    'Textiles & Bedding',
    /\b(cushions?|quilts?|throws?|blankets?|towels?|rugs?|hot water|warmer|curtains?|tablecloth|fabric|hottie|heat|slippers?|pillow|doorstop|draught|bath ?mat|patch(es)?|runner|sewing|buttons?)\b/,
  ],
  [
    'Garden & Outdoor',
    /\b(garden\w*|plants?|planters?|flower ?pots?|birds?|birdhouse|watering|herbs?|seeds?|pots?|trellis|bees?|wheelbarrow|outdoor|hanging basket|bucket|feeder|insect|windmill|gnome|trowel|sunflower|doormats?|mats?)\b/,
  ],
  [
    'Storage & Furniture',
    /\b(tins?|boxes|box|baskets?|drawers?|cabinets?|chests?|stools?|tables?|chairs?|shelf|shelves|storage|crates?|cupboard|hooks?|hangers?|holders?|knobs?|stand|bin|trunk|organiser|tidy|wicker)\b/,
  ],
  [
    'Frames & Signs',
    /\b(frames?|signs?|pictures?|photo\w*|chalkboard|blackboard|plaques?|notice ?board|memoboard|wall art|prints?|posters?|plate sign|wooden letters|stickers|block)\b/,
  ],
  [
    'Bath & Beauty',
    /\b(soaps?|bath\w*|shower|toothbrush|nail|lip|perfume|fragrance|scented|sachets?|plasters|sponge|manicure|cosmetic|wash ?bag|beauty)\b/,
  ],
  [
    'Decorations',
    /\b(decoration|hearts?|wreaths?|feathers?|hanging|ornaments?|angels?|doves?|butterfl(y|ies)|flowers?|vases?|mobile|stars?|bells?|wood(en)?|ceramic|glitter|figurine|cherub|globe|shells?|windchime|chimes?|rose|easter|bunny|rabbit|chick|hen|owl|cat|dog)\b/,
  ],
];

const OTHER = 'Home & Gifts';

const themes: readonly (readonly [name: string, words: RegExp])[] = [
  ['vintage', /\b(vintage|antique|victorian|edwardian|regency|retro)\b/],
  ['retrospot', /\b(retro ?spot)\b/],
  ['polka dot', /\b(polka ?dots?|spotty|dotty|spots?)\b/],
  ['heart', /\bhearts?\b/],
  ['floral', /\b(flowers?|floral|roses?|daisy|daisies|poppy|poppies|blossom|bouquet)\b/],
  ['paisley', /\bpaisley\b/],
  ['union jack', /\b(union (jack|flag)|london|british|jubilee)\b/],
  ['woodland', /\b(woodland|forest|mushrooms?|toadstools?|owls?|birds?)\b/],
  ['for children', /\b(child(ren)?s?|kids|baby|nursery|girls?|boys?|spaceboy|circus|dolly)\b/],
  ['wooden', /\b(wood(en)?|wicker)\b/],
  ['metal', /\b(metal|zinc|enamel|iron|tin|wire|silver|copper|brass)\b/],
  ['glass', /\b(glass|crystal)\b/],
  ['ceramic', /\b(ceramic|porcelain|bone china)\b/],
  ['set', /\b(set|pack)\b/],
];

/** The category that a product's title tells; `Home & Gifts` when it tells none. */
export function categoryOf(title: string): string {
  const words = title.toLowerCase();
  return categories.find(([, pattern]) => pattern.test(words))?.[0] ?? OTHER;
}

/** Themes and materials that a product's title names, to be tags. */
export function themesOf(title: string): string[] {
  const words = title.toLowerCase();
  return themes.filter(([, pattern]) => pattern.test(words)).map(([name]) => name);
}
