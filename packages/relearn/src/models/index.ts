export type * from './ranking.ts';
