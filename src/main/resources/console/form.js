// Fields of a form, made from the schema: one per property.
import { h, replace } from './dom.js';
import { resolve } from './schema.js';

/** The kind of a field follows from the type of its schema. */
export function field(name, schema, root, suggestions = []) {
  const rule = resolve(schema, root);
  const id = `field-${name}`;
  const types = [rule.type ?? (rule.enum ? 'string' : 'object')].flat();
  const described = `${id}-help ${id}-violation`;
  const input = make(id, name, rule, types, described);
  const violation = h('p', { class: 'violation', id: `${id}-violation` });
  const [first, ...rest] = (rule.description ?? '').split(/(?<=\.) (?=[A-Z])/);
  const help = h('p', { class: 'help', id: `${id}-help`, title: rest.length > 0 ? rule.description : null }, first,
    rest.length > 0 ? h('span', { class: 'hidden' }, ` ${rest.join(' ')}`) : null);
  const list = h('datalist', { id: `${id}-list` });
  const suggest = values => {
    if (input.tagName !== 'INPUT') return;
    replace(list, values.map(value => h('option', { value })));
    if (values.length > 0) input.setAttribute('list', list.id);
    else input.removeAttribute('list');
  };
  suggest(suggestions);
  const element = h('div', { class: `field${name === 'prompt' ? ' wide' : ''}` }, h('label', { for: id }, name), input,
    list,
    violation, help);
  return {
    name,
    element,
    input,
    /** Sets the values to choose from; others can also be given. */
    suggest,
    /** Sets the default that the empty field shows; undefined for none. */
    hint: value => input.setAttribute('placeholder', value === undefined ? '' : `default ${value}`),
    /** Returns the value for the request; undefined if the field is empty. Throws if it is not JSON. */
    read: () => read(input, types),
    write(value) {
      input.value = value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
    },
    report(messages) {
      violation.textContent = messages.join('; ');
      if (messages.length > 0) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
    },
  };
}

function make(id, name, rule, types, described) {
  const common = { id, name, 'aria-describedby': described };
  if (rule.enum) {
    return h('select', common, h('option', { value: '' }, rule.default === undefined ? '' : `default (${rule.default})`), rule.enum.map(value => h('option', { value }, value)));
  }
  if (types.includes('boolean')) {
    return h('select', common, h('option', { value: '' }, 'default'), ['true', 'false'].map(value => h('option', { value }, value)));
  }
  if (types.includes('object') || types.includes('array')) {
    return h('textarea', { ...common, rows: 2, spellcheck: 'false', class: 'json', placeholder: types.includes('array') ? '[ ]' : '{ }' });
  }
  if (name.includes('prompt')) return h('textarea', { ...common, rows: name === 'prompt' ? 3 : 2 });
  const numeric = !types.includes('string');
  return h('input', { ...common, type: 'text', autocomplete: 'off', inputmode: numeric ? (types.includes('integer') ? 'numeric' : 'decimal') : null,
    placeholder: rule.default === undefined ? null : `default ${rule.default}` });
}

function read(input, types) {
  const text = input.value;
  if (text.trim() === '') return undefined;
  if (types.includes('object') || types.includes('array')) {
    try {
      return JSON.parse(text);
    } catch {
      throw new Error('is not JSON');
    }
  }
  if (types.includes('boolean')) return text === 'true';
  const value = Number(text);
  const numeric = types.includes('number') || types.includes('integer');
  // An integer that a number of the browser does not hold stays text, as a large seed may.
  return numeric && !Number.isNaN(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : text;
}
