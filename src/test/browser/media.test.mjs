// The reader of tensors and the frames of films, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { film } from '../../main/resources/console/film.js';
import { npy } from '../../main/resources/console/npy.js';
import { file } from './fixtures.mjs';

const parsed = (descr, shape, bytes) => npy(file(descr, shape, bytes).buffer);
const little = array => new Uint8Array(array.buffer);

test('every type of element is read', () => {
  const cases = [
    ['<f4', new Float32Array([1.5, -2]), 'float32'], ['<f8', new Float64Array([1.5, -2]), 'float64'],
    ['|u1', new Uint8Array([0, 255]), 'uint8'], ['<u2', new Uint16Array([1, 65535]), 'uint16'], ['<u4', new Uint32Array([1, 2 ** 32 - 1]), 'uint32'],
    ['|i1', new Int8Array([-1, 127]), 'int8'], ['<i2', new Int16Array([-1, 5]), 'int16'], ['<i4', new Int32Array([-1, 5]), 'int32'],
  ];
  for (const [descr, values, type] of cases) {
    const array = parsed(descr, [2], little(values));
    assert.equal(array.type, type);
    assert.deepEqual([...array.values], [...values], descr);
  }
  assert.deepEqual([...parsed('<i8', [2], little(new BigInt64Array([-3n, 7n]))).values], [-3, 7]);
  assert.deepEqual([...parsed('<u8', [1], little(new BigUint64Array([7n]))).values], [7]);
  assert.deepEqual([...parsed('<f2', [4], little(new Uint16Array([0x3c00, 0xc000, 0x7c00, 1]))).values], [1, -2, Infinity, 2 ** -24]);
  assert.equal(parsed('|b1', [2], new Uint8Array([0, 1])).type, 'bool');
});

test('big-endian elements and any number of dimensions are read', () => {
  const array = parsed('>u2', [1, 2], new Uint8Array([1, 0, 0, 2]));
  assert.deepEqual([array.shape, ...array.values], [[1, 2], 256, 2]);
  assert.deepEqual(parsed('<f4', [], little(new Float32Array([3]))).shape, []);
  assert.throws(() => parsed('<c8', [1], new Uint8Array(8)), /type c8/);
});

function pixels(array, frame) {
  const clip = film(array);
  const image = { data: new Uint8ClampedArray(4 * clip.width * clip.height) };
  clip.draw(frame, image);
  return [...image.data];
}

test('frames of a film of channels first, and of 8-bit pixels', () => {
  // Two frames of 1 x 1 pixel: red, then blue.
  assert.deepEqual(pixels(parsed('<f4', [3, 2, 1, 1], little(new Float32Array([1, 0, 0, 0, 0, 1]))), 1), [0, 0, 255, 255]);
  assert.deepEqual(pixels(parsed('<f4', [1, 3, 2, 1, 1], little(new Float32Array([1, -1, -1, -1, -1, 1]))), 0), [255, 0, 0, 255]);
  assert.deepEqual(pixels(parsed('|u1', [2, 1, 1, 3], new Uint8Array([255, 0, 0, 0, 0, 255])), 1), [0, 0, 255, 255]);
  assert.deepEqual(pixels(parsed('|u1', [1, 2, 1, 2], new Uint8Array([9, 9, 8, 8])), 1), [8, 8, 8, 255, 8, 8, 8, 255]);
  assert.equal(film(parsed('<f4', [3, 2, 2], little(new Float32Array(12)))), undefined);
  assert.equal(film(parsed('<f4', [3, 1, 2, 2], little(new Float32Array(12)))), undefined);
});
