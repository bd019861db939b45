// Small drawings: a line over time, and a bar of parts.
import { h, svg } from './dom.js';

const WIDTH = 300;
const HEIGHT = 48;

/** A line of values, one per second; the highest one is named. */
export function line(label, values, unit) {
  const most = Math.max(1e-9, ...values);
  const step = WIDTH / 299;
  const from = 300 - values.length;
  const points = values.map((value, i) =>
    `${((from + i) * step).toFixed(1)},${(HEIGHT - 2 - (HEIGHT - 6) * value / most).toFixed(1)}`).join(' ');
  const last = values.slice(-10);
  const now = last.length ? last.reduce((a, b) => a + b, 0) / last.length : 0;
  return h('figure', { class: 'line' },
    h('figcaption', {}, h('span', {}, label), h('strong', {}, `${now.toFixed(1)} ${unit}`)),
    svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img',
      'aria-label': `${label}, last five minutes, at most ${most.toFixed(1)} ${unit}` },
    svg('polyline', { points })));
}

/** Parts of a whole, in order, with a legend. */
export function bar(parts, unit) {
  const whole = parts.reduce((sum, part) => sum + part.value, 0) || 1;
  let at = 0;
  const pieces = parts.map((part, i) => {
    const piece = svg('rect', { x: at, y: 0, width: part.value / whole * 1000, height: 20, class: `part part${i}` },
      svg('title', {}, `${part.name}: ${part.value.toFixed(1)} ${unit}`));
    at += part.value / whole * 1000;
    return piece;
  });
  return h('figure', { class: 'phases' },
    svg('svg', { viewBox: '0 0 1000 20', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, pieces),
    h('figcaption', {}, parts.map((part, i) => h('span', {},
      svg('svg', { class: 'key', viewBox: '0 0 10 10', 'aria-hidden': 'true' },
        svg('rect', { width: 10, height: 10, class: `part part${i}` })),
      `${part.name} ${part.value.toFixed(part.value < 10 ? 1 : 0)} ${unit}`))));
}
