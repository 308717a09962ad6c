import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { compileDefaults } from './schema-defaults.ts';

/** One field that is not as its schema says. */
export interface Fault {
  /** JSON pointer below the name of the whole: `body/price/amountMinor`. */
  readonly field: string;
  /** What the field takes: `must be >= 0`. */
  readonly takes: string;
}

/** A schema compiled to code: checking costs about what hand-written conditions cost. */
export interface SchemaCheck {
  readonly accepts: (value: unknown) => boolean;
  /** The first faults of a value that is not accepted, at most eight. `whole` names the value itself. */
  readonly faults: (value: unknown, whole: string) => Fault[];
  /** Writes declared defaults into absent fields of a plain value, in place; those inside unions are left alone. */
  readonly fillDefaults: ((value: unknown) => void) | undefined;
}

export function compileCheck(schema: TSchema): SchemaCheck {
  const validator = Compile(schema);
  return {
    accepts: (value) => validator.Check(value),
    faults: (value, whole) => faultsOf(validator.Errors(value), whole),
    fillDefaults: compileDefaults(schema),
  };
}

type SchemaError = ReturnType<ReturnType<typeof Compile>['Errors']>[number];

function faultsOf(errors: readonly SchemaError[], whole: string): Fault[] {
  const byField = new Map<string, { takes: Set<string>; alternatives: boolean }>();
  for (const error of errors) {
    for (const field of fieldsOf(error, whole)) {
      const known = byField.get(field) ?? { takes: new Set<string>(), alternatives: false };
      byField.set(field, known);
      if (error.keyword === 'anyOf') known.alternatives = true;
      else known.takes.add(takesOf(error));
    }
  }
  return Array.from(byField, ([field, { takes, alternatives }]) => ({
    field,
    takes: takes.size === 0 ? 'must be one of the declared shapes' : [...takes].join(alternatives ? ' or ' : ' and '),
  }));
}

function fieldsOf(error: SchemaError, whole: string): string[] {
  const at = `${whole}${error.instancePath}`;
  return error.keyword === 'required' ? error.params.requiredProperties.map((name) => `${at}/${name}`) : [at];
}

function takesOf(error: SchemaError): string {
  if (error.keyword === 'required') return 'is required';
  if (error.keyword === 'enum') return `must be one of ${error.params.allowedValues.join(', ')}`;
  return error.message;
}
