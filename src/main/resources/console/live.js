// Running requests: one row per request, updated by events.
import { ago, h, kind, number, replace, resultLink, short, show, toast } from './dom.js';
import { get, info, objectUrl, post } from './api.js';
import { line } from './chart.js';

const status = document.getElementById('link');

export async function live(main) {
  const facts = await info();
  const rows = new Map();
  const tiles = h('dl', { class: 'tiles' });
  const charts = h('div', { class: 'charts' });
  const running = h('ul', { class: 'jobs' });
  const more = h('p', { class: 'quiet' });
  const waiting = h('ol', { class: 'waiting' });
  const outcomes = h('ul', { class: 'outcomes' });
  const latest = h('ul', { class: 'strip' });
  const workers = h('div', {});
  const known = new Map(); // workers by name
  const models = h('ul', { class: 'plain' }, facts.models.map(model => h('li', {}, h('strong', {}, model.name),
    ` ${[model.tier, model.rows_per_call && `${model.rows_per_call} rows per call`, ...model.conditions].filter(Boolean).join(', ')}`)));
  replace(main, h('h1', {}, 'Live'), tiles, charts,
    h('section', {}, h('h2', {}, 'Under way'), running, more),
    h('section', {}, h('h2', {}, 'Waiting'), waiting),
    h('section', {}, h('h2', {}, 'Latest results'), latest),
    h('section', {}, h('h2', {}, 'Outcomes'), outcomes),
    h('section', {}, h('h2', {}, 'Workers'), workers),
    facts.models.length > 0 && h('section', {}, h('h2', {}, facts.worker ? 'Models of this worker' : 'Models'), models) || null);

  function update(data) {
    const begin = performance.now();
    for (const job of data.jobs) {
      if (!rows.has(job.id)) rows.set(job.id, row(job, facts.submit));
      rows.get(job.id).update(job);
    }
    const keep = new Set(data.order);
    for (const [id, each] of rows) {
      if (!keep.has(id)) {
        each.element.remove();
        rows.delete(id);
      }
    }
    data.order.forEach((id, i) => {
      const element = rows.get(id)?.element;
      if (element && running.children[i] !== element) running.insertBefore(element, running.children[i] ?? null);
    });
    more.textContent = data.running === 0 ? 'Nothing is rendered now.'
      : data.running > data.order.length ? `and ${number(data.running - data.order.length)} more` : '';
    if (data.calls.length > 0) {
      replace(charts, line('Calls', data.calls.map(each => each[0]), 'per second'),
        line('Rows', data.calls.map(each => each[0] ? each[1] / each[0] : 0), 'per call'));
    }
    const backlog = Object.values(data.backlog_seconds).reduce((a, b) => a + b, 0);
    show(tiles, [['under way', number(data.running)], ['waiting', number(data.waiting)], ...facts.worker ? [['backlog of this worker', short(backlog)]] : [],
      ['results', number(Object.values(data.outcomes).reduce((a, b) => a + b, 0))]], all => all.map(each => tile(...each)));
    show(waiting, [data.next, data.waiting], waits);
    show(outcomes, data.outcomes, all => Object.entries(all).map(([kind, count]) => h('li', {},
      h('a', { href: `#/results?outcome=${encodeURIComponent(kind)}`, class: kind.split(':')[0] }, kind), ` ${number(count)}`)));
    for (const worker of data.workers) known.set(worker.name, worker);
    for (const name of data.workers_gone) known.delete(name);
    show(workers, [[...known.keys()].sort().map(name => known.get(name)), data.group_known], workerTable);
    show(latest, data.latest, all => all.map(thumbnail));
    main.dataset.updateMillis = (performance.now() - begin).toFixed(1);
  }

  let source;
  let left = false;
  let pausing = false;
  const connect = () => {
    source = new EventSource('api/live');
    source.onopen = () => known.clear(); // the first update contains all workers
    source.onmessage = event => {
      status.textContent = '';
      update(JSON.parse(event.data));
    };
    source.onerror = reconnect;
  };
  // The browser connects again after a broken connection, but not after an answer such as 401 or 503.
  const reconnect = () => {
    status.textContent = 'not connected';
    if (pausing) return;
    pausing = true;
    setTimeout(async () => {
      await get('info').catch(() => {});
      pausing = false;
      if (!left && source.readyState === EventSource.CLOSED) connect();
    }, 2000);
  };
  connect();
  const timer = setInterval(() => {
    rows.forEach(each => each.tick());
    for (const time of main.querySelectorAll('time')) time.textContent = time.dataset.since ? since(time.dataset.since) : ago(time.dateTime);
  }, 1000);
  return () => {
    left = true;
    source.close();
    clearInterval(timer);
    status.textContent = '';
  };
}

const since = time => `waits ${short((Date.now() - Date.parse(time)) / 1000)}`;

const waits = ([next, count]) => [next.map((job, i) => h('li', {}, h('span', { class: 'place' }, `${i + 1}`),
  h('a', { href: resultLink(job.id) }, job.id), h('span', { class: 'quiet' }, job.model), h('time', { class: 'quiet', 'data-since': job.since }, since(job.since)))),
next.length === 0 ? h('li', { class: 'quiet' }, 'Nothing waits.') : null,
count > next.length ? h('li', { class: 'quiet' }, `and ${number(count - next.length)} more`) : null];

/** The members of the group, and workers that have left it; their models are those of their results. */
function workerTable([workers, known]) {
  if (workers.length === 0) return h('p', { class: 'quiet' }, known ? 'No worker is in the group.' : 'The broker does not list the group, and no worker has published an event.');
  const served = worker => worker.models.length === 0 ? h('span', { class: 'quiet' }, 'no result yet')
    : h('ul', {}, worker.models.map(each => h('li', {}, h('strong', {}, each.model), ` ${[each.tier, each.provider, each.device].filter(Boolean).join(', ')}`)));
  const state = worker => known && !worker.member ? 'has left the group' : worker.running > 0 ? `renders ${number(worker.running)}` : 'idle';
  const place = worker => [worker.host, worker.partitions > 0 && `${worker.partitions} partition${worker.partitions > 1 ? 's' : ''}`].filter(Boolean).join(', ');
  return h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Workers' }, h('table', { class: 'workers' },
    h('thead', {}, h('tr', {}, ['worker', 'state', 'results', 'models and tiers'].map(name => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, workers.map(worker => h('tr', {}, h('th', { scope: 'row' }, worker.name, h('span', { class: 'quiet' }, place(worker))),
      h('td', {}, state(worker)), h('td', {}, number(worker.results)), h('td', {}, served(worker)))))));
}

const tile = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));

/** Progress in steps if their number is known, else in evaluations of the network. */
export function steps(job) {
  if (!job.wanted) return '';
  return job.steps > 0
    ? `step ${Math.floor(job.done * job.steps / job.wanted)} of ${job.steps}`
    : `evaluation ${number(job.done)} of ${number(job.wanted)}`;
}

/** A row of a running request. */
export function row(first, submit) {
  const picture = h('span', { class: 'preview' });
  const bar = h('progress', { max: 1, value: 0, 'aria-label': `progress of ${first.id}` });
  const far = h('span', { class: 'far' });
  const left = h('span', { class: 'left' });
  const what = h('span', { class: 'what' });
  const prompt = h('span', { class: 'prompt' });
  const cancel = submit ? h('button', { type: 'button', class: 'small', 'aria-label': `Cancel ${first.id}`, onclick: async () => {
    cancel.disabled = true;
    try {
      await post('cancel', { id: first.id });
      toast(`The cancellation of ${first.id} is published.`);
    } catch (failure) {
      cancel.disabled = false;
      toast(failure.message);
    }
  } }, 'Cancel') : null;
  const element = h('li', { class: 'job' }, picture,
    h('div', { class: 'body' }, h('a', { class: 'id', href: resultLink(first.id) }, first.id), prompt, what), 
    h('div', { class: 'state' }, bar, h('div', { class: 'numbers' }, far, left)), cancel);
  let job = first;
  let preview = '';
  const tick = () => {
    const seconds = (Date.parse(job.finish) - Date.now()) / 1000;
    left.textContent = Number.isNaN(seconds) ? '' : seconds > 0.5 ? `${short(seconds)} left` : 'finishing';
  };
  return {
    element,
    tick,
    update(next) {
      job = next;
      bar.max = job.wanted || 1;
      bar.value = job.done || 0;
      far.textContent = steps(job);
      what.textContent = [[job.model, ...job.then].filter(Boolean).join(' → '), job.sampler, job.worker && `on ${job.worker}`].filter(Boolean).join(' · ');
      prompt.textContent = job.prompt;
      // Without previews, the share that is done stands in their place.
      if (!preview) picture.textContent = job.wanted ? `${Math.floor(100 * job.done / job.wanted)} %` : '';
      if (job.preview && job.preview !== preview) {
        preview = job.preview;
        let image = picture.querySelector('img');
        if (!image) replace(picture, image = h('img', { alt: `preview of ${job.id}` }));
        image.src = objectUrl(preview);
      }
      tick();
    },
  };
}

export function thumbnail(result) {
  const picture = result.file?.media_type.startsWith('image/');
  return h('li', {}, h('a', { href: resultLink(result.id), title: `${result.id} ${result.prompt}` },
    picture ? h('img', { src: objectUrl(result.file.uri), alt: result.prompt || result.id, loading: 'lazy' })
      : h('span', { class: `mark ${result.outcome}` }, kind(result)),
    h('span', { class: 'name' }, result.id), h('time', { class: 'quiet', datetime: result.time }, ago(result.time))));
}
