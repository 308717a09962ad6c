export { type Command, type CommandContext, type CommandOptions, command, UsageError } from './command.ts';
export type { Output } from './output.ts';
export { type Project, project, type Started } from './project.ts';
export { runCli } from './run-cli.ts';
export { FileInvalid } from './table/file-invalid.ts';
export { openTable, type Table } from './table/open-table.ts';
export { type TableRecord, tableRecords } from './table/table-records.ts';
export type { TableRow } from './table/table-row.ts';
