import { readTextLines } from './read-text.ts';

/** A user and items; a user may come again with more. */
export type UserList = readonly [user: string, items: readonly string[]];

/** Items by user, as a file lists them: one line a user, `user item item …`, separated by blanks; gzip is read too. A line's items are made when it is asked for. */
export async function readLists(path: string): Promise<Iterable<UserList>> {
  return listsOf(await readTextLines(path), path);
}

/** @throws Error when there is no user. */
function* listsOf(lines: readonly string[], path: string): Generator<UserList> {
  let isEmpty = true;
  for (const line of lines) {
    const [user, ...items] = line.trim().split(/\s+/);
    if (user === undefined || user === '') continue;
    isEmpty = false;
    yield [user, items];
  }
  if (isEmpty) throw new Error(`${path} holds nobody: write one line a user, "user item item …".`);
}
