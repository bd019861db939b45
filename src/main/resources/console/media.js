// Shows a stored file: a picture at true pixels, a sound with its waveform, a film, a tensor with its numbers.
import { h, number, replace, svg } from './dom.js';
import { objectUrl } from './api.js';
import { film, player } from './film.js';
import { npy, range } from './npy.js';

const ZOOMS = [['1×', 1], ['2×', 2], ['4×', 4], ['8×', 8]];

export function media(uri, type, name) {
  const url = objectUrl(uri);
  if (type.startsWith('image/')) return picture(url, name);
  if (type.startsWith('audio/')) return sound(url, name);
  if (uri.endsWith('.npy')) return tensor(url);
  return h('p', {}, h('code', {}, uri));
}

export const typeOf = uri => ({ png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', webp: 'image/webp', wav: 'audio/wav' })[uri.split('.').at(-1)] ?? '';

function picture(url, name) {
  const image = h('img', { src: url, alt: name, class: 'true-pixels' });
  const zoom = h('div', { class: 'zoom', role: 'group', 'aria-label': `Zoom of ${name}` });
  const set = factor => {
    image.style.width = `${image.naturalWidth * factor / Math.round(devicePixelRatio)}px`;
    for (const button of zoom.children) button.setAttribute('aria-pressed', String(button.textContent === `${factor}×`));
  };
  zoom.append(...ZOOMS.map(([label, factor]) => h('button', { type: 'button', class: 'small', onclick: () => set(factor) }, label)));
  image.addEventListener('load', () => set(image.naturalWidth <= 96 ? 4 : image.naturalWidth <= 256 ? 2 : 1));
  image.addEventListener('error', () => image.replaceWith(h('p', { class: 'problem' }, 'The picture cannot be shown.')));
  return h('div', { class: 'picture' }, h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': name }, image), zoom);
}

function sound(url, name) {
  const wave = h('div', { class: 'wave' });
  fetch(url).then(response => response.arrayBuffer()).then(async bytes => {
    const audio = await new OfflineAudioContext(1, 1, 44100).decodeAudioData(bytes);
    const samples = audio.getChannelData(0);
    const columns = 400;
    const points = [];
    for (let i = 0; i < columns; i++) {
      let low = 0;
      let high = 0;
      for (let j = Math.floor(i * samples.length / columns); j < (i + 1) * samples.length / columns; j++) {
        low = Math.min(low, samples[j]);
        high = Math.max(high, samples[j]);
      }
      points.push(`M${i} ${32 - 30 * high}V${32 - 30 * low}`);
    }
    replace(wave, svg('svg', { viewBox: `0 0 ${columns} 64`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `waveform of ${name}` },
      svg('path', { d: points.join('') })));
  }).catch(() => replace(wave));
  return h('div', { class: 'sound' }, wave, h('audio', { controls: true, src: url, 'aria-label': name }));
}

function tensor(url) {
  const place = h('div', { class: 'tensor' }, 'loading');
  fetch(url).then(response => response.arrayBuffer()).then(bytes => {
    const array = npy(bytes);
    const clip = film(array);
    replace(place, clip && player(clip), h('p', {}, summary(array)), histogram(array.values));
  }).catch(failure => replace(place, h('p', { class: 'problem' }, failure.message)));
  return place;
}

function summary({ type, shape, values }) {
  const { least, most, sum } = range(values);
  const numbers = [least, most, sum / values.length].map(value => Number.isInteger(value) ? String(value) : value.toPrecision(4));
  return `${type} [${shape.join(', ')}], ${number(values.length)} values${values.length > 0 ? ` from ${numbers[0]} to ${numbers[1]}, mean ${numbers[2]}` : ''}`;
}

function histogram(values) {
  const { least, most } = range(values);
  const bins = new Array(48).fill(0);
  for (const value of values) if (Number.isFinite(value)) bins[Math.min(47, Math.floor((value - least) / (most - least || 1) * 48))]++;
  const top = Math.max(1, ...bins);
  return svg('svg', { viewBox: '0 0 480 80', role: 'img', 'aria-label': 'histogram' },
    bins.map((count, i) => svg('rect', { x: i * 10, y: 80 - 78 * count / top, width: 9, height: 78 * count / top })));
}
