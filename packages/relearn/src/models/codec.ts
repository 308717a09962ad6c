import { crc32 } from 'node:zlib';

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

/** Where the header begins, bytes: after its length and the checksum, both u32, little-endian. */
const HEADER_AT = 8;

/** Length of the header, checksum of all else, the header as JSON, then each column's bytes, each beginning at a multiple of 8. */
export function pack(format: string, { settings, columns }: Packed): Uint8Array {
  const list = Object.entries(columns).map(([name, column]) => ({ name, type: typeOf(column), length: column.length }));
  const header = new TextEncoder().encode(JSON.stringify({ format, settings, columns: list }));
  const dataStart = padded(HEADER_AT + header.length);
  const sizeBytes = Object.values(columns).reduce((sum, column) => sum + padded(column.byteLength), dataStart);
  const bytes = new Uint8Array(sizeBytes);
  bytes.set(header, HEADER_AT);
  let at = dataStart;
  for (const column of Object.values(columns)) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += padded(column.byteLength);
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(0, header.length, true);
  view.setUint32(4, checksum(bytes), true);
  return bytes;
}

/** @throws ModelBytesInvalid when the bytes are not all there, were changed, or are of another format. */
export function unpack(format: string, bytes: Uint8Array): Packed {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const { header, dataStart } = readHeader(aligned);
  if (header.format !== format) throw new ModelBytesInvalid(`These bytes hold ${header.format}, not ${format}.`);
  const columns: Record<string, Column> = {};
  let at = dataStart;
  for (const { name, type, length } of header.columns) {
    columns[name] = new makers[type](aligned.buffer as ArrayBuffer, aligned.byteOffset + at, length);
    at += padded(columns[name].byteLength);
  }
  return { settings: header.settings, columns };
}

/** CRC-32 of everything but itself: finds a change that the disk or the network made, not one made on purpose. About 1 GB/s. */
function checksum(bytes: Uint8Array): number {
  return crc32(bytes.subarray(HEADER_AT), crc32(bytes.subarray(0, 4)));
}

interface Header {
  readonly format: string;
  readonly settings: Record<string, unknown>;
  readonly columns: readonly { readonly name: string; readonly type: keyof typeof makers; readonly length: number }[];
}

function readHeader(bytes: Uint8Array): { header: Header; dataStart: number } {
  if (bytes.byteLength < HEADER_AT) throw new ModelBytesInvalid(`${bytes.byteLength} bytes are not a whole model.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(4, true) !== checksum(bytes)) {
    throw new ModelBytesInvalid('These bytes were cut short or changed, or are no model: their checksum is another.');
  }
  const headerEnd = HEADER_AT + view.getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_AT, headerEnd))) as Header;
  return { header, dataStart: padded(headerEnd) };
}

function typeOf(column: Column): keyof typeof makers {
  if (column instanceof Int32Array) return 'i32';
  if (column instanceof Int16Array) return 'i16';
  return column instanceof Float32Array ? 'f32' : 'f64';
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
