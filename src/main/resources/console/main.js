// Selects the page, and asks for the token if one is needed.
import { h, replace } from './dom.js';
import { onLogin, post } from './api.js';
import { live } from './live.js';
import { results } from './results.js';
import { result } from './result.js';
import { compare } from './compare.js';
import { ask } from './ask.js';
import { deadLetter } from './deadletter.js';

const main = document.getElementById('main');
const pages = { live, results, result, compare, ask, 'dead-letter': deadLetter };
let leave = () => {};
let shown = 0;

async function show() {
  leave();
  leave = () => {};
  const turn = ++shown;
  const [path, query] = (location.hash.slice(2) || 'live').split('?', 2);
  const [name, ...parts] = path.split('/').map(decodeURIComponent);
  const page = pages[name] ?? live;
  mark(name);
  replace(main);
  try {
    const end = await page(main, parts, new URLSearchParams(query));
    if (turn === shown) leave = end ?? (() => {});
    else end?.();
  } catch (failure) {
    if (turn === shown) replace(main, h('h1', {}, 'Not shown'), h('p', { class: 'problem' }, failure.message));
  }
  document.title = `${main.querySelector('h1')?.textContent ?? 'Darkroom'} · Darkroom`;
}

function mark(name) {
  const home = ['result', 'compare', 'dead-letter'].includes(name) ? 'results' : name;
  for (const link of document.querySelectorAll('nav a')) {
    const current = link.getAttribute('href') === `#/${home}`;
    if (current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

let asking = null;
onLogin(() => asking ??= new Promise(done => {
  const field = h('input', { type: 'password', id: 'token', autocomplete: 'current-password', required: true });
  const problem = h('p', { class: 'violation', role: 'alert' });
  const dialog = h('dialog', { 'aria-labelledby': 'token-title' },
    h('form', { method: 'dialog', onsubmit: async event => {
      event.preventDefault();
      try {
        await post('session', { token: field.value });
        dialog.remove();
        asking = null;
        done();
      } catch (failure) {
        problem.textContent = failure.message;
        field.select();
      }
    } },
    h('h2', { id: 'token-title' }, 'Token'),
    h('p', {}, 'This console asks for the token of ', h('code', {}, 'darkroom.console.token'), '.'),
    h('label', { for: 'token' }, 'Token'), field, problem,
    h('button', { class: 'primary' }, 'Open')));
  dialog.addEventListener('cancel', event => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
}));

addEventListener('hashchange', () => {
  show();
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
});
show();
