// Two results side by side, with the difference of their pixels and of their requests.
import { h, number, replace, resultLink } from './dom.js';
import { get, objectUrl } from './api.js';

export async function compare(main, ids) {
  const found = await Promise.all(ids.slice(0, 2).map(id => get('result', { id })));
  if (found.length < 2 || found.some(each => !each.manifest)) throw new Error('Two requests with results are needed.');
  const manifests = found.map(each => each.manifest);
  const images = manifests.map(manifest => manifest.outputs.find(output => output.media_type.startsWith('image/')));
  if (images.some(image => !image)) throw new Error('Both results must be pictures.');
  const elements = images.map((image, i) => h('img', { src: objectUrl(image.uri), alt: `result of ${ids[i]}`, class: 'true-pixels' }));
  const canvas = h('canvas', { class: 'true-pixels', role: 'img', 'aria-label': 'difference' });
  const verdict = h('p', { role: 'status', id: 'verdict' });
  const gain = h('input', { type: 'range', id: 'gain', min: 1, max: 64, value: 1 });
  const times = h('output', { for: 'gain' });
  replace(main, h('h1', {}, 'Comparison'), verdict,
    h('div', { class: 'figures' },
      elements.map((element, i) => h('figure', {}, element, h('figcaption', {}, h('a', { href: resultLink(ids[i]) }, ids[i])))),
      h('figure', {}, canvas, h('figcaption', {}, h('label', { for: 'gain' }, 'Difference, times ', times), gain))),
    h('section', {}, h('h2', {}, 'What differs'), differences(manifests, ids)));
  await Promise.all(elements.map(element => element.decode()));
  for (const element of elements) element.style.width = `${Math.max(element.naturalWidth, 256)}px`;
  const pixels = elements.map(read);
  if (pixels[0].width !== pixels[1].width || pixels[0].height !== pixels[1].height) {
    verdict.textContent = 'The pictures have different sizes.';
    canvas.hidden = true;
    return;
  }
  canvas.style.width = `${Math.max(pixels[0].width, 256)}px`;
  const draw = () => {
    const found = difference(pixels, canvas, Number(gain.value));
    times.textContent = gain.value;
    verdict.textContent = found.text;
    return found.most;
  };
  gain.addEventListener('input', draw);
  // Small differences are scaled to the whole range.
  gain.value = Math.max(1, Math.floor(255 / Math.max(1, draw())));
  draw();
}

function read(image) {
  const canvas = h('canvas', { width: image.naturalWidth, height: image.naturalHeight });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function difference([a, b], canvas, gain) {
  canvas.width = a.width;
  canvas.height = a.height;
  const out = new ImageData(a.width, a.height);
  let most = 0;
  let changed = 0;
  let sum = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    let here = 0;
    for (let c = 0; c < 3; c++) {
      const d = Math.abs(a.data[i + c] - b.data[i + c]);
      out.data[i + c] = Math.min(255, d * gain);
      here = Math.max(here, d);
      sum += d;
    }
    out.data[i + 3] = 255;
    most = Math.max(most, here);
    changed += here > 0 ? 1 : 0;
  }
  canvas.getContext('2d').putImageData(out, 0, 0);
  const all = a.width * a.height;
  const text = changed === 0 ? 'All pixels are equal.'
    : `${number(changed)} of ${number(all)} pixels differ, by at most ${most} of 255, on average by ${(sum / all / 3).toFixed(2)}.`;
  return { text, most };
}

function differences(manifests, ids) {
  const flats = manifests.map(manifest => flat({ request: manifest.request, fingerprint: manifest.stages.map(stage => stage.fingerprint) }));
  const keys = [...new Set(flats.flatMap(each => [...each.keys()]))].filter(key => flats[0].get(key) !== flats[1].get(key)).sort();
  if (keys.length === 0) return h('p', {}, 'Requests and fingerprints are equal.');
  return h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'What differs' }, h('table', {},
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'field'), ids.slice(0, 2).map(id => h('th', { scope: 'col' }, id)))),
    h('tbody', {}, keys.map(key => h('tr', {}, h('th', { scope: 'row' }, h('code', {}, key)), flats.map(each => h('td', {}, each.get(key) ?? '–')))))));
}

function flat(value, path = '', into = new Map()) {
  if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) flat(inner, path ? `${path}.${key}` : key, into);
  } else {
    into.set(path, String(value));
  }
  return into;
}
