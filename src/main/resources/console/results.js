// Results by time, with filters; more are loaded as the end comes into view.
import { ago, h, kind, replace, resultLink, toast } from './dom.js';
import { get, objectUrl } from './api.js';

const marked = [];

export async function results(main, parts, query) {
  const filter = Object.fromEntries(['q', 'model', 'sampler', 'outcome'].map(name => [name, query.get(name) ?? '']));
  const grid = h('ul', { class: 'grid' });
  const count = h('p', { class: 'quiet', role: 'status' });
  const more = h('button', { type: 'button', hidden: true, onclick: () => load() }, 'Show more');
  const compare = h('p', { class: 'compare-bar', role: 'status' });
  const search = h('input', { type: 'search', id: 'q', value: filter.q, placeholder: 'id or prompt' });
  const selects = ['model', 'sampler', 'outcome'].map(name => h('select', { id: name }));
  const form = h('form', { class: 'filters', role: 'search', onsubmit: event => { event.preventDefault(); go(); } },
    field('Search', search), selects.map(select => field(select.id, select)));
  let before = '';
  let loading = false;
  let loaded = 0;

  function go() {
    const next = new URLSearchParams();
    for (const input of [search, ...selects]) if (input.value) next.set(input.id, input.value);
    const hash = `#/results${next.size ? `?${next}` : ''}`;
    if (location.hash !== hash) location.hash = hash;
  }

  async function load() {
    if (loading) return;
    loading = true;
    try {
      const page = await get('results', { ...filter, before });
      for (const select of selects) options(select, page[`${select.id}s`], filter[select.id]);
      grid.append(...page.results.map(each => card(each, bar)));
      loaded += page.results.length;
      before = page.results.at(-1)?.position ?? before;
      more.hidden = !page.more;
      count.textContent = loaded === 0 ? 'No results.' : `${loaded} shown${page.more ? ', more follow' : ''}.`;
    } catch (failure) {
      toast(failure.message);
    } finally {
      loading = false;
    }
  }

  function bar() {
    replace(compare, marked.length === 0 ? '' : `Compare ${marked.join(' and ')}`,
      marked.length === 2 ? h('a', { class: 'button', href: `#/compare/${marked.map(encodeURIComponent).join('/')}` }, 'Compare') : null,
      marked.length === 1 ? ': choose another one.' : null);
  }

  let timer = 0;
  search.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(go, 400); });
  selects.forEach(select => select.addEventListener('change', go));
  replace(main, h('h1', {}, 'Results'), form, compare, count, grid, more);
  await load();
  bar();
  if (query.size) search.focus();
  search.setSelectionRange(search.value.length, search.value.length);
  const watch = new IntersectionObserver(seen => { if (seen.some(each => each.isIntersecting)) load(); }, { rootMargin: '600px' });
  watch.observe(more);
  return () => { watch.disconnect(); clearTimeout(timer); };
}

const field = (label, input) => h('div', {}, h('label', { for: input.id }, label[0].toUpperCase() + label.slice(1)), input);

function options(select, values, chosen) {
  const all = chosen && !values.includes(chosen) ? [chosen, ...values] : values;
  const groups = select.id === 'outcome' ? [...new Set(all.map(value => value.split(':')[0]).concat(all))].sort() : all;
  replace(select, h('option', { value: '' }, 'any'), groups.map(value => h('option', { value }, value)));
  select.value = chosen;
}

function card(result, changed) {
  const picture = result.file?.media_type.startsWith('image/');
  const mark = picture ? h('button', { type: 'button', class: 'small', 'aria-pressed': String(marked.includes(result.id)),
    'aria-label': `Mark ${result.id} for comparison`, onclick: () => {
      const at = marked.indexOf(result.id);
      if (at >= 0) marked.splice(at, 1);
      else marked.push(result.id);
      if (marked.length > 2) marked.shift();
      for (const other of document.querySelectorAll('.card button')) {
        other.setAttribute('aria-pressed', String(marked.includes(other.dataset.id)));
      }
      changed();
    }, 'data-id': result.id }, 'Mark') : null;
  return h('li', { class: 'card' },
    h('a', { href: resultLink(result.id) },
      picture ? h('img', { src: objectUrl(result.file.uri), alt: result.prompt || result.id, loading: 'lazy', width: result.file.width || null, height: result.file.height || null })
        : h('span', { class: `mark ${result.outcome}` }, kind(result)),
      h('span', { class: 'name' }, result.id)),
    h('span', { class: 'prompt' }, result.error ? result.error.message : result.prompt),
    h('span', { class: 'quiet' }, [result.model, result.sampler.replace(/(Discrete)?Scheduler$/, ''), result.outputs > 1 ? `${result.outputs} files` : ''].filter(Boolean).join(' · ')),
    h('span', { class: 'foot' }, h('span', { class: 'quiet' }, ago(result.time)), mark));
}
