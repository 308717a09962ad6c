import { expect, it } from 'vitest';
import { loaded, PackageMissing } from './nats-packages.ts';

const absent = 'a-package-that-is-not-there';

it('names a package that is missing, what needs it and how to get it', async () => {
  const loading = loaded(absent, 'A bus', () => import(/* @vite-ignore */ absent));
  await expect(loading).rejects.toThrow(PackageMissing);
  await expect(loading).rejects.toThrow(
    `A bus needs the package ${absent}, which is not installed: npm install ${absent}`,
  );
});

it('hides no other fault of a package', async () => {
  const fault = new Error('broken inside');
  await expect(loaded('present', 'A bus', () => Promise.reject(fault))).rejects.toBe(fault);
});
