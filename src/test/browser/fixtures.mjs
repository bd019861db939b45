// Files that the tests make.
import { deflateSync } from 'node:zlib';

/** An NPY file. */
export function file(descr, shape, bytes) {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + '\n';
  const start = 10 + padded.length;
  const all = new Uint8Array(start + bytes.length);
  all.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8, ...new TextEncoder().encode(padded)]);
  all.set(bytes, start);
  return all;
}

/** A film [C, F, H, W] of a white square that moves to the right, on grey. */
export function squareFilm(frames = 8, side = 32) {
  const values = new Float32Array(3 * frames * side * side).fill(-0.5);
  for (let c = 0; c < 3; c++) {
    for (let f = 0; f < frames; f++) {
      for (let y = 12; y < 20; y++) for (let x = 3 * f; x < 3 * f + 8; x++) values[((c * frames + f) * side + y) * side + x] = 1;
    }
  }
  return file('<f4', [3, frames, side, side], new Uint8Array(values.buffer));
}

const CRCS = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let i = 0; i < 8; i++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const crc = ~body.reduce((sum, byte) => CRCS[(sum ^ byte) & 255] ^ (sum >>> 8), ~0) >>> 0;
  const ends = [Buffer.alloc(4), Buffer.alloc(4)];
  ends[0].writeUInt32BE(data.length);
  ends[1].writeUInt32BE(crc);
  return Buffer.concat([ends[0], body, ends[1]]);
}

const words = (...values) => Buffer.concat(values.map(([value, bytes]) => { const word = Buffer.alloc(bytes); word.writeUIntBE(value, 0, bytes); return word; }));

/** An animated PNG of two frames of 32 x 32 pixels, red and blue, a fifth of a second each, without an end. */
export function blinking() {
  const side = 32;
  const pixels = colour => deflateSync(Buffer.concat(Array.from({ length: side }, () => Buffer.from([0, ...Array.from({ length: side }, () => colour).flat()]))));
  const control = number => chunk('fcTL', words([number, 4], [side, 4], [side, 4], [0, 4], [0, 4], [1, 2], [5, 2], [0, 1], [0, 1]));
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    chunk('IHDR', words([side, 4], [side, 4], [8, 1], [2, 1], [0, 1], [0, 1], [0, 1])), chunk('acTL', words([2, 4], [0, 4])),
    control(0), chunk('IDAT', pixels([255, 0, 0])), control(1), chunk('fdAT', Buffer.concat([words([2, 4]), pixels([0, 0, 255])])), chunk('IEND', Buffer.alloc(0))]);
}
