export { pairedBootstrap } from '../statistics/paired-bootstrap.ts';
export type { Ai, Champion } from './ai.ts';
export {
  type AiContract,
  type AiOperations,
  aiContract,
  genericAiContract,
  loopProblems,
  versionPromoted,
} from './ai-contract.ts';
export { type AiService, aiService } from './ai-service.ts';
export type { Decision, DecisionRequest, Example, LoggedDecision } from './decision.ts';
export { DECISION_LOSS_MS_MAX } from './decision-log.ts';
export type { AiServiceDefinition } from './definition.ts';
export type { Evaluation, Window } from './evaluation.ts';
export type { Model, TrainingContext, Trial } from './model.ts';
export { NotEnoughData } from './not-enough-data.ts';
export type { LeaderboardRow, TrainingRun } from './training-run.ts';
export { untilTrained } from './until-trained.ts';
export type { VersionRecord } from './version.ts';
