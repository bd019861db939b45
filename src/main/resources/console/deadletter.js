// The dead letter of a request: its headers and its bytes as text.
import { ago, copyButton, h, number, replace, resultLink } from './dom.js';
import { get, info } from './api.js';

export async function deadLetter(main, [id]) {
  const [facts, record] = await Promise.all([info(), get('dead-letter', { id })]);
  const [topic, partition, offset] = record.source.split('/');
  const line = `kcat -b ${facts.brokers} -t ${topic} -p ${partition} -o ${offset} -c 1 -C -f '%h\\n%s\\n'`;
  const reason = name => record.headers.findLast(each => each.name === `dl-${name}`)?.value ?? '';
  const violations = reason('violations').split('\n').filter(Boolean);
  replace(main, h('h1', {}, 'Dead letter'),
    h('p', { class: 'quiet' }, `${record.source}, ${ago(record.time)}, request `, h('a', { href: resultLink(id) }, id)),
    h('section', { class: 'trouble' }, h('h2', {}, reason('class')), h('p', {}, reason('message')),
      violations.length > 0 ? h('ul', {}, violations.map(each => h('li', {}, each))) : null),
    h('p', { class: 'buttons' }, copyButton('Copy as kcat line', () => line), copyButton('Copy the content', () => record.text),
      facts.submit && record.request ? h('a', { class: 'button', href: `#/ask?correct=${encodeURIComponent(id)}` }, 'Correct and ask again') : null),
    h('section', {}, h('h2', {}, 'Content'), h('p', { class: 'quiet' }, size(record)),
      h('pre', { tabindex: 0, id: 'content' }, record.text)),
    h('section', {}, h('h2', {}, 'Headers'), h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Headers' }, h('table', { class: 'headers' },
      h('tbody', {}, [{ name: 'key', value: record.key }, ...record.headers].map(each => h('tr', {}, h('th', { scope: 'row' }, h('code', {}, each.name)), h('td', {}, each.value))))))));
}

const size = record => [`${number(record.bytes)} bytes`, record.shown_bytes < record.bytes && `the first ${number(record.shown_bytes)} are shown`,
  record.escaped && 'bytes that are not text are shown as \\xNN'].filter(Boolean).join(', ');
