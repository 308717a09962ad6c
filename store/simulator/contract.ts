/** All that pages and services may know of the made-up shop: who can be played. What a shopper wants stays hidden. */
export { shopperNames } from './shopper-names.ts';
