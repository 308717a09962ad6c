import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

/** Items by user, as a file lists them: one line a user, `user item item …`, separated by blanks; gzip is read too. */
export type UserLists = ReadonlyMap<string, readonly string[]>;

const GZIP = [0x1f, 0x8b];

/** @throws Error when the file cannot be read or holds no user. */
export async function readLists(path: string): Promise<UserLists> {
  const bytes = await readFile(path);
  const text = (bytes[0] === GZIP[0] && bytes[1] === GZIP[1] ? gunzipSync(bytes) : bytes).toString('utf8');
  const lists = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [user, ...items] = line.trim().split(/\s+/);
    if (user === undefined || user === '') continue;
    const known = lists.get(user);
    if (known) known.push(...items);
    else lists.set(user, items);
  }
  if (lists.size === 0) throw new Error(`${path} holds nobody: write one line a user, "user item item …".`);
  return lists;
}
