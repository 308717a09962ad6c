import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

const folder = join(process.env.RELEARN_DATA ?? '../shared/data', 'banking77');

/** A question to a bank, and one of 77 intents (Casanueva et al. 2020, CC BY 4.0). */
export interface BankQuestion {
  readonly text: string;
  readonly category: string;
}

/** Whether the questions lie where `RELEARN_DATA` says. */
export const hasBanking77 = existsSync(join(folder, 'train.csv'));

/** 10,003 questions to train on, or 3,080 to test with. */
export function readBanking77(part: 'train' | 'test'): BankQuestion[] {
  return parse(readFileSync(join(folder, `${part}.csv`)), { columns: true, skip_empty_lines: true });
}
