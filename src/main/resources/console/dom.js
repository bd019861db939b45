// Builds elements. Text is always set as text, so nothing in a prompt or message becomes markup.

const SVG = 'http://www.w3.org/2000/svg';

export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== ''));
  return element;
}

export function replace(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== ''));
  return element;
}

/** Builds the children of an element again only if their data has changed. */
export function show(element, data, build) {
  const key = JSON.stringify(data);
  if (element.dataset.shown !== key) {
    element.dataset.shown = key;
    replace(element, build(data));
  }
}

export function toast(text) {
  const element = document.getElementById('toast');
  element.textContent = text;
  element.classList.add('shown');
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => element.classList.remove('shown'), 4000);
}

export function copyButton(label, text) {
  return h('button', { type: 'button', onclick: async () => {
    try {
      await navigator.clipboard.writeText(text());
      toast('Copied.');
    } catch {
      toast('The browser does not allow copying here.');
    }
  } }, label);
}

export const short = seconds => {
  if (!(seconds >= 0)) return '';
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round(seconds % 3600 / 60)} min`;
};

export const ago = time => `${short((Date.now() - Date.parse(time)) / 1000)} ago`;

export const number = value => Number(value).toLocaleString('en');

/** What stands in the place of a result without a picture. */
export const kind = result => result.file ? result.file.media_type.startsWith('audio/') ? 'sound' : 'tensor' : result.error?.class ?? result.outcome;

export const resultLink = id => `#/result/${encodeURIComponent(id)}`;
