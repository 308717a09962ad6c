import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tableRecords } from 'relearn';

const folder = join(process.env.RELEARN_DATA ?? '../shared/data', 'banking77');

/** A question to a bank, and one of 77 intents (Casanueva et al. 2020, CC BY 4.0). */
export interface BankQuestion {
  readonly text: string;
  readonly category: string;
}

/** Whether the questions lie where `RELEARN_DATA` says. */
export const hasBanking77 = existsSync(join(folder, 'train.csv'));

/** 10,003 questions to train on, or 3,080 to test with. */
export async function readBanking77(part: 'train' | 'test'): Promise<BankQuestion[]> {
  const questions: BankQuestion[] = [];
  for await (const record of tableRecords(join(folder, `${part}.csv`)))
    questions.push(record as unknown as BankQuestion);
  return questions;
}
