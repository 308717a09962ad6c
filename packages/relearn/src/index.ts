export type { Static } from 'typebox';
export { Type as t } from 'typebox';
export * from './cli/index.ts';
export * from './contract/index.ts';
export * from './loop/index.ts';
export * from './service/index.ts';
export * from './store/index.ts';
