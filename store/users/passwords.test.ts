import { describe, expect, it } from 'vitest';
import { Passwords } from './passwords.ts';

describe('passwords', () => {
  it('are known by their hash, however their letters are composed', async () => {
    const passwords = new Passwords();
    const hashed = await passwords.hash('caf\u00e9 harbour');
    expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.isPassword('cafe\u0301 harbour', hashed)).toBe(true);
    expect(await passwords.isPassword('cafe harbour', hashed)).toBe(false);
    expect(await passwords.isPassword('', undefined)).toBe(false);
  });

  it('wait in one line, those of unknown accounts too, and the line has an end', async () => {
    const passwords = new Passwords();
    const hashed = await passwords.hash('violet harbour');
    const checks = Array.from({ length: 80 }, (_, check) =>
      passwords
        .isPassword('violet harbour', check % 2 === 0 ? hashed : undefined)
        .then(String, ({ code }: { code: string }) => code),
    );
    const answers = await Promise.all(checks);
    const countOf = (answer: string) => answers.filter((one) => one === answer).length;
    expect(countOf('users.sign-in-busy')).toBeGreaterThan(0);
    expect(countOf('true')).toBe(countOf('false'));
    expect(answers.length).toBe(countOf('true') + countOf('false') + countOf('users.sign-in-busy'));
  });
});
