import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What the tokens of services and guests are signed with: `SERVICE_SECRET`, the same in all processes that call each other, or else a text of the
 * home's own, made at the first start and readable by its owner alone.
 */
export async function serviceSecret(home: string, configured: string | undefined): Promise<Uint8Array> {
  return Buffer.from(configured ?? (await secretOf(home)));
}

async function secretOf(home: string): Promise<string> {
  const path = join(home, 'service-secret');
  await mkdir(home, { recursive: true });
  try {
    await writeFile(path, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFile(path, 'utf8');
}
