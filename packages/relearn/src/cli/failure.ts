import { ProblemError } from '../contract/problem.ts';
import { ConfigurationInvalid, HomeInUse } from '../service/index.ts';
import { StoreUnavailable } from '../store/index.ts';
import { UsageError } from './command.ts';
import { FileInvalid } from './table/file-invalid.ts';

const EXIT_USAGE = 64;
const EXIT_CONFIGURATION = 78;

/** What people are told of an error, and the exit code. A fault of the program itself comes with its stack. */
export function failureOf(error: unknown): { readonly sentence: string; readonly exitCode: number } {
  return { sentence: sentenceOf(error), exitCode: exitCodeOf(error) };
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT_USAGE;
  return error instanceof ConfigurationInvalid ? EXIT_CONFIGURATION : 1;
}

const expected = [UsageError, ConfigurationInvalid, HomeInUse, FileInvalid, StoreUnavailable];

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ProblemError) return `${error.message} (${error.code})`;
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `Something listens on ${address}:${port} already; stop it, or set PORT to another one.`;
  if (expected.some((kind) => error instanceof kind) || error.constructor === Error) return error.message;
  return error.stack ?? error.message;
}
