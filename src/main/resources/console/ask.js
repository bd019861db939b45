// Publishes a request: a form that is generated from the schema of requests and validated with it, with violations at the fields.
import { copyButton, h, replace, resultLink, toast } from './dom.js';
import { get, info, post, requestSchema } from './api.js';
import { field } from './form.js';
import { validate } from './schema.js';

const FIRST = ['model', 'kind', 'prompt', 'negative_prompt', 'class_label', 'image', 'num_inference_steps', 'guidance_scale', 'scheduler', 'seed',
  'num_images', 'width', 'height', 'preview_every', 'id'];

export async function ask(main, parts, query) {
  const [facts, schema] = await Promise.all([info(), requestSchema()]);
  const { request: begun, violations } = await start(query, facts);
  let kept = violations; // violations that a worker found, until their field is edited
  const fields = new Map();
  const names = Object.keys(schema.properties).filter(name => name !== 'scheduler');
  const models = facts.models.map(model => model.name);
  for (const name of names) fields.set(name, field(name, schema.properties[name], schema, name === 'model' ? models : []));
  const sampler = samplerFields(facts.samplers);
  const json = h('textarea', { id: 'json', rows: 10, spellcheck: 'false', class: 'json', 'aria-describedby': 'json-help' });
  const others = h('ul', { class: 'violation', role: 'alert' });
  const submit = h('button', { class: 'primary', disabled: !facts.submit }, 'Ask');
  let described = null;
  const about = h('p', { class: 'help good' });

  function request() {
    const value = {};
    const broken = [];
    for (const [name, each] of fields) {
      try {
        const given = each.read();
        if (given !== undefined) value[name] = given;
      } catch (failure) {
        broken.push({ pointer: `/${name}`, message: failure.message });
      }
    }
    const scheduler = sampler.read();
    if (scheduler) value.scheduler = scheduler;
    return { value, broken };
  }

  function report(open) {
    const reported = new Set();
    for (const [name, each] of fields) {
      const own = open.filter(violation => fieldOf(violation) === name);
      own.forEach(violation => reported.add(violation));
      each.report(own.map(violation => inner(violation, name)));
      if (own.length > 0) each.element.closest('details')?.setAttribute('open', '');
    }
    const own = open.filter(violation => violation.pointer.startsWith('/scheduler'));
    own.forEach(violation => reported.add(violation));
    sampler.report(own);
    replace(others, open.filter(violation => !reported.has(violation)).map(violation => h('li', {}, `${violation.pointer || 'request'}: ${violation.message}`)));
    return open.length;
  }

  const given = new Set();
  function changed(event) {
    if (event?.target?.name) {
      given.add(event.target.name);
      kept = kept.filter(each => fieldOf(each) !== event.target.name);
    }
    const { value, broken } = request();
    json.value = JSON.stringify(value, null, 2);
    const own = [...broken, ...validate(schema, value)].filter(each => given.has(fieldOf(each)) || fieldOf(each) === 'scheduler');
    report([...own, ...kept]);
    describe(value.model);
  }

  function sizes(model) {
    for (const side of ['width', 'height']) {
      fields.get(side).suggest(model?.sized ? sides(model, side) : []);
      fields.get(side).hint(model?.sized ? model[side] : undefined);
    }
  }

  function describe(name) {
    const model = facts.models.find(each => each.name === name?.split('@')[0]);
    if (model !== described) {
      described = model;
      fields.get('class_label').suggest(model?.labels ?? []);
      sizes(model);
      fields.get('num_inference_steps').hint(model?.steps);
      fields.get('guidance_scale').hint(model?.guidance_scale);
    }
    about.textContent = model ? [...model.conditions, model.enlarges ? 'enlarges an image' : model.sized && sizeRule(model),
      model.scheduler && `sampler ${model.scheduler}`, model.steps && `${model.steps} steps`].filter(Boolean).join(', ') : '';
  }

  function write(value) {
    for (const [name, each] of fields) each.write(value[name]);
    sampler.write(value.scheduler);
    given.clear();
  }

  async function send(event) {
    event.preventDefault();
    const { value, broken } = request();
    const count = report([...broken, ...validate(schema, value)]);
    if (count > 0) return first();
    submit.disabled = true;
    try {
      await post('requests', value);
      toast(`${value.id} is published.`);
      location.hash = resultLink(value.id);
    } catch (failure) {
      submit.disabled = false;
      if (failure.body?.violations) {
        report(failure.body.violations);
        first();
      } else {
        toast(failure.message);
      }
    }
  }

  const first = () => form.querySelector('[aria-invalid]')?.focus();
  const rest = names.filter(name => !FIRST.includes(name));
  fields.get('model').element.append(about);
  const form = h('form', { novalidate: true, class: 'ask', onsubmit: send, oninput: changed },
    h('div', { class: 'fields' }, FIRST.map(name => name === 'scheduler' ? sampler.element : fields.get(name).element), sampler.options),
    h('details', {}, h('summary', {}, `More fields (${rest.length})`), h('div', { class: 'fields' }, rest.map(name => fields.get(name).element))),
    others, h('p', { class: 'buttons' }, submit, facts.submit ? null : h('span', { class: 'quiet' }, 'This console only reads (darkroom.console.submit).')));
  json.addEventListener('input', event => event.stopPropagation());
  const take = h('button', { type: 'button', onclick: () => {
    try {
      write(JSON.parse(json.value));
      changed();
      toast('The form has the fields of the JSON.');
    } catch {
      toast('This is not JSON.');
    }
  } }, 'Take over into the form');
  replace(main, h('h1', {}, 'Ask'), h('div', { class: 'columns' }, form,
    h('aside', {}, h('h2', {}, h('label', { for: 'json' }, 'As JSON')), json, h('p', { class: 'help', id: 'json-help' }, 'The request that is published. Text that is pasted here can be taken over into the form.'),
      h('p', { class: 'buttons' }, take, copyButton('Copy', () => json.value)))));
  write(begun);
  changed();
  first();
}

const sizeRule = model => model.any_size ? `${model.width} × ${model.height}, or multiples of ${model.size_multiple}` : `${model.width} × ${model.height} only`;

/** Sizes to choose from: the default one, and half, one and a half and twice of it where the model takes any size. */
function sides(model, side) {
  const multiple = model.size_multiple;
  const factors = model.any_size ? [0.5, 1, 1.5, 2] : [1];
  return [...new Set(factors.map(factor => Math.max(1, Math.round(model[side] * factor / multiple)) * multiple))].filter(each => each <= model.most).map(String);
}

/** A new request, that of a result, or a rejected one with its violations. */
async function start(query, facts) {
  const id = `console-${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${Math.random().toString(36).slice(2, 6)}`;
  const correct = query.get('correct');
  if (correct) return rejected(correct, id);
  const from = query.get('from');
  const fresh = () => ({ id, kind: 'generate', model: (facts.models.find(model => model.text && !model.enlarges) ?? facts.models.find(model => !model.enlarges))?.name, seed: random(), preview_every: 4 });
  if (!from) return { request: fresh(), violations: [] };
  const { manifest } = await get('result', { id: from });
  const { seeds, output, ...request } = structuredClone(manifest?.request ?? {});
  const next = { ...request, id };
  if (output) next.output = output;
  if (query.get('seed') === 'new' || !seeds) next.seed = query.get('seed') === 'new' ? random() : request.seed;
  else next.seeds = seeds;
  return { request: next, violations: [] };
}

/** The request of a dead letter, with a new id, and the violations that its worker found. */
async function rejected(old, id) {
  const [letter, found] = await Promise.all([get('dead-letter', { id: old }), get('result', { id: old })]);
  if (!letter.request) throw new Error('The dead letter does not have a request in JSON.');
  return { request: { ...letter.request, id }, violations: found.result?.error?.violations ?? [] };
}

const random = () => Math.floor(Math.random() * 2 ** 32);

/** The sampler by name, its options with their rules and defaults. */
function samplerFields(samplers) {
  const names = samplers.flatMap(each => [...each.aliases, each.name]).sort();
  const name = h('input', { id: 'field-scheduler', name: 'scheduler', type: 'text', list: 'samplers', autocomplete: 'off', placeholder: "the model's own", 'aria-describedby': 'scheduler-violation scheduler-help' });
  const options = h('div', { class: 'fields options' });
  const violation = h('p', { class: 'violation', id: 'scheduler-violation' });
  const family = () => samplers.find(each => each.name === name.value || each.aliases.includes(name.value));
  let inputs = new Map();
  let extra = {};
  let shown = null;

  function show() {
    const now = family();
    if (now === shown) return;
    const kept = values();
    shown = now;
    inputs = new Map();
    extra = kept;
    replace(options, now ? h('details', {}, h('summary', {}, `Options of ${now.name} (${now.options.length})`), h('div', { class: 'fields' }, now.options.map(option => {
      const id = `option-${option.key}`;
      const input = h('input', { id, type: 'text', autocomplete: 'off', placeholder: option.default || null, 'aria-describedby': `${id}-help` });
      if (extra[option.key] !== undefined) input.value = text(extra[option.key]);
      delete extra[option.key];
      inputs.set(option.key, input);
      return h('div', { class: 'field' }, h('label', { for: id }, option.key), input, h('p', { class: 'help', id: `${id}-help` }, option.rule));
    }))) : null);
  }

  const text = value => typeof value === 'string' ? value : JSON.stringify(value);
  const parsed = value => {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  };
  const values = () => {
    const all = { ...extra };
    for (const [key, input] of inputs) {
      if (input.value.trim() !== '') all[key] = parsed(input.value);
      else delete all[key];
    }
    return all;
  };
  name.addEventListener('input', show);
  return {
    element: h('div', { class: 'field' }, h('label', { for: 'field-scheduler' }, 'scheduler'), name,
      h('datalist', { id: 'samplers' }, names.map(value => h('option', { value }))), violation,
      h('p', { class: 'help', id: 'scheduler-help' }, 'A short name or a diffusers class name; its options appear below.')),
    options,
    read() {
      const all = values();
      return name.value.trim() || Object.keys(all).length > 0 ? { ...(name.value.trim() ? { _class_name: name.value.trim() } : {}), ...all } : undefined;
    },
    write(scheduler) {
      const { _class_name: chosen, ...rest } = scheduler ?? {};
      name.value = chosen ?? '';
      extra = rest;
      inputs = new Map();
      shown = null;
      show();
    },
    report(violations) {
      violation.textContent = violations.map(each => inner(each, 'scheduler')).join('; ');
      if (violations.length > 0) name.setAttribute('aria-invalid', 'true');
      else name.removeAttribute('aria-invalid');
    },
  };
}

const fieldOf = violation => violation.pointer.split('/')[1];

/** A violation inside of a field names its place there. */
const inner = (violation, name) => {
  const rest = violation.pointer.slice(name.length + 2);
  return rest ? `${rest} ${violation.message}` : violation.message;
};
