export { type Command, type CommandContext, type CommandOptions, command, UsageError } from './command.ts';
export { printLeaderboard } from './leaderboard.ts';
export type { Output } from './output.ts';
export { type Project, project, type Started } from './project.ts';
export { runCli } from './run-cli.ts';
