// Reads tensors in NumPy's file format.

const ONE = { f4: 'getFloat32', f8: 'getFloat64', i1: 'getInt8', i2: 'getInt16', i4: 'getInt32', u1: 'getUint8', u2: 'getUint16', u4: 'getUint32', b1: 'getUint8' };
const ARRAYS = { f4: Float32Array, f8: Float64Array, i1: Int8Array, i2: Int16Array, i4: Int32Array, u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, b1: Uint8Array };
const NAMES = { f: 'float', i: 'int', u: 'uint', b: 'bool' };

/**
 * The type, shape and values of a file of format 1 to 3. Integers of 64 bits become numbers of the browser, which are exact up to 2^53.
 * Values are in the order of the file: `fortran` says whether the first index is the fastest one.
 */
export function npy(bytes) {
  const view = new DataView(bytes);
  const long = view.getUint8(6) > 1;
  const length = long ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (long ? 12 : 10) + length;
  const header = new TextDecoder().decode(new Uint8Array(bytes, start - length, length));
  const [, order, kind] = header.match(/'descr': '([<>|=])(\w+)'/) ?? [];
  const shape = header.match(/'shape': \(([^)]*)\)/)?.[1].split(',').map(side => side.trim()).filter(Boolean).map(Number);
  if (!shape) throw new Error('The file is not a tensor.');
  const values = read(view, start, shape.reduce((a, b) => a * b, 1), kind, order !== '>');
  const type = `${NAMES[kind[0]]}${kind === 'b1' ? '' : kind.slice(1) * 8}`;
  return { type, shape, fortran: header.includes("'fortran_order': True"), values };
}

function read(view, start, count, kind, little) {
  if (ARRAYS[kind]) {
    if (little) return new ARRAYS[kind](view.buffer.slice(start, start + count * ARRAYS[kind].BYTES_PER_ELEMENT));
    return ARRAYS[kind].from({ length: count }, (_, i) => view[ONE[kind]](start + i * ARRAYS[kind].BYTES_PER_ELEMENT, false));
  }
  if (kind === 'f2') return Float32Array.from({ length: count }, (_, i) => half(view.getUint16(start + 2 * i, little)));
  if (kind === 'i8') return Float64Array.from({ length: count }, (_, i) => Number(view.getBigInt64(start + 8 * i, little)));
  if (kind === 'u8') return Float64Array.from({ length: count }, (_, i) => Number(view.getBigUint64(start + 8 * i, little)));
  throw new Error(`Tensors of the type ${kind} are not shown.`);
}

function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = bits >> 10 & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction);
}

/** The least and the largest finite value, and the sum of all. */
export function range(values) {
  let least = Infinity;
  let most = -Infinity;
  let sum = 0;
  for (const value of values) {
    sum += value;
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return { least, most, sum };
}
