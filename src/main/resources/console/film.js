// Plays a film that is a tensor of frames.
import { h } from './dom.js';
import { range } from './npy.js';

const FRAMES_PER_SECOND = 8;

/**
 * The frames of a tensor that is a film: [C, F, H, W], or [N, C, F, H, W] whose first film is shown, or [F, H, W, C] of 8-bit pixels.
 * Undefined for other tensors.
 */
export function film({ type, shape, fortran, values }) {
  if (fortran) return undefined;
  const last = type === 'uint8' && shape.length === 4 && [1, 3, 4].includes(shape[3]);
  const [channels, frames, height, width] = last ? [shape[3], ...shape] : shape.slice(-4);
  const first = shape.length === 4 || shape.length === 5;
  if (!first || ![1, 3, 4].includes(channels) || frames < 2) return undefined;
  const plane = height * width;
  // Places of a pixel's first channel and of the next ones.
  const place = last ? (frame, pixel) => (frame * plane + pixel) * channels : (frame, pixel) => frame * plane + pixel;
  const next = last ? 1 : frames * plane;
  const scale = scaling(type, values);
  return {
    frames, width, height,
    draw(frame, image) {
      for (let pixel = 0; pixel < plane; pixel++) {
        const at = place(frame, pixel);
        for (let c = 0; c < 3; c++) image.data[4 * pixel + c] = scale(values[at + (channels < 3 ? 0 : c) * next]);
        image.data[4 * pixel + 3] = 255;
      }
    },
  };
}

/** The brightness 0 to 255 of a value: of 8-bit pixels, of 0 to 1, of -1 to 1, else of the tensor's own range. */
function scaling(type, values) {
  if (type === 'uint8') return value => value;
  const { least, most } = range(values);
  const [from, to] = least >= 0 && most <= 1 ? [0, 1] : least >= -1 && most <= 1 ? [-1, 1] : [least, most];
  return value => (value - from) / (to - from || 1) * 255;
}

/** A canvas with a button to play and a slider over the frames. It is played again from its start at its end. */
export function player(clip) {
  const canvas = h('canvas', { class: 'true-pixels', width: clip.width, height: clip.height, role: 'img' });
  const context = canvas.getContext('2d');
  const image = context.createImageData(clip.width, clip.height);
  const slider = h('input', { type: 'range', min: 0, max: clip.frames - 1, value: 0, 'aria-label': 'frame' });
  const where = h('output', {});
  const play = h('button', { type: 'button', class: 'small', 'aria-pressed': 'false' }, 'Play');
  let timer = 0;
  const show = frame => {
    clip.draw(frame, image);
    context.putImageData(image, 0, 0);
    slider.value = frame;
    where.textContent = `frame ${frame + 1} of ${clip.frames}`;
    canvas.setAttribute('aria-label', where.textContent);
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = 'Play';
    play.setAttribute('aria-pressed', 'false');
  };
  const begin = () => {
    timer = setInterval(() => canvas.isConnected ? show((Number(slider.value) + 1) % clip.frames) : stop(), 1000 / FRAMES_PER_SECOND);
    play.textContent = 'Pause';
    play.setAttribute('aria-pressed', 'true');
  };
  play.addEventListener('click', () => timer ? stop() : begin());
  slider.addEventListener('input', () => { stop(); show(Number(slider.value)); });
  canvas.style.width = `${clip.width * Math.max(1, Math.floor(256 / clip.width))}px`;
  show(0);
  return h('div', { class: 'film' }, canvas, h('div', { class: 'controls' }, play, slider, where));
}
