import { readTextLines } from './read-text.ts';

/** Items by user, as a file lists them: one line a user, `user item item …`, separated by blanks; gzip is read too. */
export type UserLists = ReadonlyMap<string, readonly string[]>;

/** @throws Error when the file cannot be read or holds no user. */
export async function readLists(path: string): Promise<UserLists> {
  const lists = new Map<string, string[]>();
  for (const line of await readTextLines(path)) {
    const [user, ...items] = line.trim().split(/\s+/);
    if (user === undefined || user === '') continue;
    const known = lists.get(user);
    if (known) known.push(...items);
    else lists.set(user, items);
  }
  if (lists.size === 0) throw new Error(`${path} holds nobody: write one line a user, "user item item …".`);
  return lists;
}
