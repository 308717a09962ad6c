/** Shoppers whose taste can be told in a sentence, so that a page can switch between them and a person can judge the rows. */
export const shopperNames = [
  { userId: 'shopper-0001', name: 'Ada', personality: 'Drinks tea by the pot and fills her windowsill with plants' },
  { userId: 'shopper-0002', name: 'Bruno', personality: 'Furnishes a loft: steel, lamps and clocks' },
  { userId: 'shopper-0003', name: 'Chiara', personality: 'Lights candles and lanterns every evening' },
  { userId: 'shopper-0004', name: 'Dae', personality: 'Wants pale northern wool: cushions and blankets' },
  { userId: 'shopper-0005', name: 'Ebba', personality: 'Collects old roses: vintage soap, mugs and notebooks' },
  { userId: 'shopper-0006', name: 'Farid', personality: 'Coffee first, a new mug with it, anything bright' },
  { userId: 'shopper-0007', name: 'Greta', personality: 'Grows a jungle and buys the pots to match' },
  { userId: 'shopper-0008', name: 'Hugo', personality: 'Misses the sea: bath, candles, navy and sand' },
] as const;
