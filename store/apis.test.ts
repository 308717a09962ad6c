import { type ExecFileException, execFile, spawnSync } from 'node:child_process';
import { SignJWT } from 'jose';
import { type Host, startHost } from 'relearn';
import { type TemporaryHome, temporaryHome } from 'relearn/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import project from '../relearn.config.ts';
import { catalogContract } from './catalog/contract.ts';

const program = process.env.SCHEMATHESIS ?? 'schemathesis';
const lacks = spawnSync(program, ['--version']).error !== undefined;
const name = lacks ? 'every API (skipped: no schemathesis was found; SCHEMATHESIS says where it is)' : 'every API';

const SECRET = 'a secret that the requests of a test are signed with';
const SEED = '20261123';
/** A training takes both cores for a minute; the stream ends with its order, which is late for one that nobody pays. */
const LEFT_OUT = ['train', 'watchOrder'];
const CHECKS = 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance';

const services = await Promise.all(project.services.map(async (load) => (await load()).default));
const it = lacks ? test.skip : test;

describe(name, { timeout: 240_000 }, () => {
  let home: TemporaryHome;
  let host: Host;

  beforeAll(async () => {
    if (lacks) return;
    home = await temporaryHome();
    const env = {
      PORT: '0',
      LOG_LEVEL: 'silent',
      SERVICE_SECRET: SECRET,
      RATE_PER_S: '100000',
      RATE_BURST: '1000000',
    };
    host = await startHost({ services, home: home.path, env });
    const price = { amountMinor: 1999, currency: 'EUR' };
    await host
      .client(catalogContract)
      .upsertProducts({ body: { products: [{ id: 'mug', title: 'Mug', price, stock: 1_000 }] } });
  });
  afterAll(async () => {
    await host?.close();
    await home?.[Symbol.asyncDispose]();
  });

  const asService = services.map(({ contract }) => ({ service: contract.name, caller: 'service' }) as const);
  const asGuest = ['cart', 'orders', 'recommender'].map((service) => ({ service, caller: 'guest' }) as const);

  it.each([...asService, ...asGuest])(
    '$service answers a $caller whatever is asked, after its description or not, as it says it does',
    async ({ service, caller }) => {
      const { code, said } = await run(
        [
          'run',
          `${host.url}/api/${service}/openapi.json`,
          `--url=${host.url}/api/${service}`,
          `--header=Authorization: Bearer ${await tokenOf(caller)}`,
          '--header=relearn-deadline-ms: 30000',
          `--checks=${CHECKS}`,
          '--max-examples=10',
          `--seed=${SEED}`,
          ...LEFT_OUT.map((operation) => `--exclude-operation-id=${operation}`),
          '--suppress-health-check=all',
          '--generation-database=none',
          '--warnings=off',
          '--no-color',
        ],
        home.path,
      );
      expect(code, summary(said)).toBe(0);
    },
  );
});

/** Good for as long as the test takes. */
function tokenOf(kind: 'service' | 'guest'): Promise<string> {
  return new SignJWT({ kind })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('test')
    .setIssuer('relearn')
    .setAudience('relearn')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET));
}

function run(args: readonly string[], cwd: string): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, maxBuffer: 64 * 2 ** 20 }, (error: ExecFileException | null, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), said: stdout + stderr }),
    );
  });
}

/** What was held against the service, its lines cut where bodies make them long. */
function summary(said: string): string {
  const from = Math.max(0, said.search(/=+ (ERRORS|FAILURES) =+/));
  const lines = said.slice(from).split('\n');
  return lines
    .map((line) => line.slice(0, 300))
    .slice(0, 60)
    .join('\n');
}
