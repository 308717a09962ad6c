export type * from './ai-service.ts';
