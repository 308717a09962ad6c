import { readTextLines } from './read-text.ts';

/** The begin of a session, and the item that came next. */
export interface NextItemExample {
  readonly begin: readonly string[];
  readonly next: string;
}

/** One session a line, oldest first: items in order, separated by blanks. Empty lines are left out. @throws Error naming file and line. */
export async function readSessions(path: string): Promise<string[][]> {
  const sessions: string[][] = [];
  for (const [at, line] of (await readTextLines(path)).entries()) {
    if (line.trim() === '') continue;
    if (line.includes('\t')) {
      throw new Error(`${path}, line ${at + 1}: a session is items separated by blanks, without a tab.`);
    }
    sessions.push(itemsOf(line));
  }
  if (sessions.length === 0) throw new Error(`${path} holds no session: write one a line, "item item …".`);
  return sessions;
}

/** One example a line: the begin of a session, a tab, the item that came next. Empty lines are left out. @throws Error naming file and line. */
export async function readExamples(path: string): Promise<NextItemExample[]> {
  const examples: NextItemExample[] = [];
  for (const [at, line] of (await readTextLines(path)).entries()) {
    if (line.trim() === '') continue;
    const [begin = [], next = [], ...more] = line.split('\t').map(itemsOf);
    if (begin.length === 0 || next.length !== 1 || more.length > 0) {
      throw new Error(
        `${path}, line ${at + 1}: an example is one or more items, a tab, and the one item that came next.`,
      );
    }
    examples.push({ begin, next: next[0]! });
  }
  if (examples.length === 0)
    throw new Error(`${path} holds no example: write one a line, "item item …", a tab, "item".`);
  return examples;
}

function itemsOf(text: string): string[] {
  const trimmed = text.trim();
  return trimmed === '' ? [] : trimmed.split(/\s+/);
}
