export type { CallOptions, ClientOf, Contract } from './contract.ts';
export { contract } from './contract.ts';
export type { BusMessage, EventType, PayloadOf } from './event.ts';
export { event } from './event.ts';
export type { Access, Operation, ReplyOf, RequestOf } from './operation.ts';
export { operation } from './operation.ts';
export type { ProblemData, ProblemType } from './problem.ts';
export { ProblemError, problem } from './problem.ts';
export { currentTraceparent, inTrace, type TraceScope } from './trace.ts';
