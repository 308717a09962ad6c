import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Artifacts } from './artifacts.ts';

interface OpenedArtifacts {
  readonly artifacts: Artifacts;
  /** Changes the stored bytes behind the store's back. */
  damage(hash: string, change: (bytes: Uint8Array) => Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** What every store of artifacts must do. */
export function artifactsSuite(name: string, open: () => Promise<OpenedArtifacts>): void {
  describe(name, () => {
    let opened: OpenedArtifacts;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    const bytes = new TextEncoder().encode('weights of a small model');
    const hash = createHash('sha256').update(bytes).digest('hex');

    test('names bytes by their SHA-256 and gives them back', async () => {
      expect(await opened.artifacts.put(bytes)).toBe(hash);
      expect(Buffer.from(await opened.artifacts.get(hash))).toEqual(Buffer.from(bytes));
    });

    test('keeps the same bytes once, also when put at the same time', async () => {
      expect(await Promise.all(Array.from({ length: 5 }, () => opened.artifacts.put(bytes)))).toEqual(
        Array(5).fill(hash),
      );
    });

    test('keeps no bytes at all as well', async () => {
      const empty = await opened.artifacts.put(new Uint8Array());
      expect(await opened.artifacts.get(empty)).toHaveLength(0);
    });

    test('says which artifact is missing', async () => {
      await expect(opened.artifacts.get('0'.repeat(64))).rejects.toThrow(/0{64} is missing/);
    });

    test('refuses names that are no hash', async () => {
      await expect(opened.artifacts.get('../../etc/passwd')).rejects.toThrow(TypeError);
    });

    test.each([
      ['cut short', (whole: Uint8Array) => whole.slice(0, -1)],
      ['one bit changed', (whole: Uint8Array) => whole.map((byte, at) => (at === 3 ? byte ^ 1 : byte))],
    ])('refuses an artifact that was %s, and takes it whole again', async (_, change) => {
      await opened.artifacts.put(bytes);
      await opened.damage(hash, change);
      await expect(opened.artifacts.get(hash)).rejects.toThrow(`${hash} is damaged`);
      await opened.artifacts.put(bytes);
      expect(await opened.artifacts.get(hash)).toHaveLength(bytes.length);
    });

    test('deletes, and deleting again is no error', async () => {
      await opened.artifacts.put(bytes);
      await opened.artifacts.delete(hash);
      await opened.artifacts.delete(hash);
      await expect(opened.artifacts.get(hash)).rejects.toThrow('is missing');
    });
  });
}
