/** The bytes are not a whole model of this format. */
export class ModelBytesInvalid extends Error {
  override readonly name = 'ModelBytesInvalid';
}

type Column = Float32Array | Float64Array | Int32Array | Int16Array;
const makers = { f32: Float32Array, f64: Float64Array, i32: Int32Array, i16: Int16Array } as const;

/** Plain settings beside columns of numbers. */
export interface Packed {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly columns: Readonly<Record<string, Column>>;
}

/** Header as JSON, its length before it (u32, little-endian), then each column's bytes, each beginning at a multiple of 8. */
export function pack(format: string, { settings, columns }: Packed): Uint8Array {
  const list = Object.entries(columns).map(([name, column]) => ({ name, type: typeOf(column), length: column.length }));
  const header = new TextEncoder().encode(JSON.stringify({ format, settings, columns: list }));
  const dataStart = padded(4 + header.length);
  const sizeBytes = Object.values(columns).reduce((sum, column) => sum + padded(column.byteLength), dataStart);
  const bytes = new Uint8Array(sizeBytes);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, 4);
  let at = dataStart;
  for (const column of Object.values(columns)) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += padded(column.byteLength);
  }
  return bytes;
}

/** @throws ModelBytesInvalid when the bytes were cut short or are of another format. */
export function unpack(format: string, bytes: Uint8Array): Packed {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const { header, dataStart } = readHeader(aligned);
  if (header.format !== format) throw new ModelBytesInvalid(`These bytes hold ${header.format}, not ${format}.`);
  const columns: Record<string, Column> = {};
  let at = dataStart;
  for (const { name, type, length } of header.columns) {
    const Maker = makers[type];
    if (at + length * Maker.BYTES_PER_ELEMENT > aligned.byteLength) {
      throw new ModelBytesInvalid(
        `Column ${name} of ${format} is cut short: ${aligned.byteLength} bytes are not enough.`,
      );
    }
    columns[name] = new Maker(aligned.buffer as ArrayBuffer, aligned.byteOffset + at, length);
    at += padded(columns[name].byteLength);
  }
  return { settings: header.settings, columns };
}

interface Header {
  readonly format: string;
  readonly settings: Record<string, unknown>;
  readonly columns: readonly { readonly name: string; readonly type: keyof typeof makers; readonly length: number }[];
}

function readHeader(bytes: Uint8Array): { header: Header; dataStart: number } {
  const length =
    bytes.byteLength < 4 ? Number.POSITIVE_INFINITY : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (4 + length > bytes.byteLength) throw new ModelBytesInvalid('These bytes end within the header of a model.');
  try {
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Header;
    return { header, dataStart: padded(4 + length) };
  } catch (cause) {
    throw new ModelBytesInvalid('These bytes do not begin with the header of a model.', { cause });
  }
}

function typeOf(column: Column): keyof typeof makers {
  if (column instanceof Int32Array) return 'i32';
  if (column instanceof Int16Array) return 'i16';
  return column instanceof Float32Array ? 'f32' : 'f64';
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
