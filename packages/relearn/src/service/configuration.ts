import type { Static, TObject, TSchema } from 'typebox';
import { compileCheck } from '../contract/schema-check.ts';
import { compileTextCoercion } from '../contract/text-coercion.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown when variables are not as declared; the message has a line for each. */
export class ConfigurationInvalid extends Error {
  override readonly name = 'ConfigurationInvalid';
  /** `EX_CONFIG` of sysexits.h. */
  readonly exitCode = 78;
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration is not valid.\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/**
 * Reads the variables that `schema` names; an empty one counts as absent. A property with `secret: true` is never echoed.
 *
 * @throws ConfigurationInvalid naming each bad variable, what it got and what it takes.
 */
export function readConfiguration<S extends TObject>(schema: S, env: Environment): Static<S> {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(schema.properties)) if (env[name]) values[name] = env[name];
  compileTextCoercion(schema)?.(values);
  const check = compileCheck(schema);
  check.fillDefaults?.(values);
  if (check.accepts(values)) return values as Static<S>;
  throw new ConfigurationInvalid(
    check.faults(values, '').map(({ field, takes }) => faultLine(schema, env, field, takes)),
  );
}

function faultLine(schema: TObject, env: Environment, field: string, takes: string): string {
  const name = field.split('/')[1] ?? field;
  const property: (TSchema & { secret?: boolean; description?: string }) | undefined = schema.properties[name];
  const got = property?.secret ? 'a value that is not shown' : JSON.stringify(env[name]);
  const about = property?.description === undefined ? '' : ` (${property.description})`;
  return env[name] ? `${name}: got ${got}, ${takes}${about}` : `${name}: is not set, ${takes}${about}`;
}
