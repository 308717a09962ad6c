export type { CallOptions, ClientOf, Contract } from './contract/index.ts';
export { ProblemError } from './contract/index.ts';
export { type Connection, type ConnectOptions, connect } from './service/connect.ts';
