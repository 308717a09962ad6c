import { execFile } from 'node:child_process';
import { Type as t } from 'typebox';
import { describe, expect, it } from 'vitest';
import { ConfigurationInvalid, readConfiguration } from './configuration.ts';
import { testFolder } from './test-host.ts';

const schema = t.Object({
  SHELF_COUNT: t.Integer({ minimum: 1, default: 3, description: 'shelves to fill' }),
  SHELF_KIND: t.Optional(t.Enum(['oak', 'pine'])),
  SHELF_TOKEN: t.String({ minLength: 8, secret: true }),
});

describe('readConfiguration', () => {
  it('reads types, fills defaults and takes an empty variable as absent', () => {
    expect(
      readConfiguration(schema, { SHELF_TOKEN: '12345678', SHELF_COUNT: '', SHELF_KIND: 'oak', OTHER: 'x' }),
    ).toEqual({
      SHELF_COUNT: 3,
      SHELF_KIND: 'oak',
      SHELF_TOKEN: '12345678',
    });
  });

  it('names each bad variable, what it got and what it takes, and echoes no secret', () => {
    const read = () => readConfiguration(schema, { SHELF_COUNT: 'many', SHELF_KIND: 'elm', SHELF_TOKEN: 'hunter2' });
    expect(read).toThrow(ConfigurationInvalid);
    expect(read).toThrow('SHELF_COUNT: got "many", must be integer (shelves to fill)');
    expect(read).toThrow('SHELF_KIND: got "elm", must be one of oak, pine');
    expect(read).toThrow('SHELF_TOKEN: got a value that is not shown, must not have fewer than 8 characters');
    expect(read).not.toThrow('hunter2');
  });

  it('names a variable that is not set', () => {
    expect(() => readConfiguration(schema, {})).toThrow('SHELF_TOKEN: is not set, is required');
  });
});

describe('A process whose configuration is bad', () => {
  it('exits with 78 and names every variable at fault', async () => {
    const script = `
      import { startHost } from ${JSON.stringify(new URL('./start-host.ts', import.meta.url).href)};
      import { shelfService } from ${JSON.stringify(new URL('./shelf.fixture.ts', import.meta.url).href)};
      await startHost({ services: [shelfService()] });`;
    const env = { PATH: process.env.PATH, RELEARN_HOME: await testFolder(), PORT: '99999', LOG_LEVEL: 'loud' };
    const { code, stderr } = await new Promise<{ code: number | null; stderr: string }>((resolve) => {
      const child = execFile(
        process.execPath,
        ['--input-type=module', '-e', script],
        { env },
        (_error, _stdout, stderr) => resolve({ code: child.exitCode, stderr }),
      );
    });
    expect(stderr).toContain('PORT: got "99999", must be <= 65535');
    expect(stderr).toContain('LOG_LEVEL: got "loud", must be one of trace, debug, info, warn, error, silent');
    expect(code).toBe(78);
  });
});
