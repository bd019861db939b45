// One request: its outputs at true pixels, their origin, or the reason of a failure.
import { ago, copyButton, h, replace } from './dom.js';
import { get, info } from './api.js';
import { bar } from './chart.js';
import { media, typeOf } from './media.js';
import { row } from './live.js';

const TIMEOUT = 30;

export async function result(main, [id]) {
  const facts = await info();
  const place = h('div', {});
  let over = false;
  let timer = 0;
  let shownRow = null;
  let misses = 0;
  replace(main, h('h1', {}, id), place);

  async function look() {
    let found = null;
    try {
      found = await get('result', { id });
    } catch (failure) {
      misses++;
      if (failure.status !== 404 || misses > TIMEOUT) {
        replace(place, h('p', { class: 'problem' }, failure.message));
        return;
      }
      replace(place, h('p', { class: 'quiet' }, 'Nothing is known of this request yet.'));
    }
    if (over) return;
    if (found?.job) open(found.job);
    else if (found) return replace(place, closed(found, facts));
    timer = setTimeout(look, 1000);
  }

  function open(job) {
    if (job.wanted === undefined) {
      replace(place, h('p', { class: 'quiet' }, `Waits since ${ago(job.since)}.`));
      shownRow = null;
      return;
    }
    if (!shownRow) {
      shownRow = row(job, facts.submit);
      replace(place, h('ul', { class: 'jobs large' }, shownRow.element));
    }
    shownRow.update(job);
  }

  await look();
  return () => { over = true; clearTimeout(timer); };
}

function closed(found, facts) {
  const parts = [];
  if (found.result) parts.push(h('p', { class: 'quiet' }, `${found.result.outcome} ${ago(found.result.time)}, ${new Date(found.result.time).toLocaleString()}`));
  if (found.result?.error) parts.push(problem(found, facts));
  if (found.manifest) parts.push(...manifest(found.manifest, facts, found.signature));
  return parts;
}

function problem(found, facts) {
  const error = found.result.error;
  const id = encodeURIComponent(found.result.id);
  return h('section', { class: 'trouble' }, h('h2', {}, `${found.result.outcome}: ${error.class}`),
    h('p', {}, error.message),
    error.violations.length > 0 ? h('ul', {}, error.violations.map(each => h('li', {}, h('code', {}, each.pointer || '/'), ` ${each.message}`))) : null,
    error.retryable ? h('p', { class: 'quiet' }, 'The same request may succeed when it is sent again.') : null,
    found.dead_letter ? h('p', { class: 'buttons' }, h('a', { class: 'button', href: `#/dead-letter/${id}` }, `Dead letter ${found.dead_letter}`),
      facts.submit ? h('a', { class: 'button', href: `#/ask?correct=${id}` }, 'Correct and ask again') : null) : null);
}

function manifest(data, facts, signature) {
  const outputs = data.outputs.map(output => figure(output.uri, output.media_type,
    `${data.outputs.length > 1 ? `${output.index}: ` : ''}seed ${output.seed}, ${output.width ? `${output.width} × ${output.height}` : `[${output.shape}]`}`));
  const inputs = data.inputs.map(input => figure(input.uri, typeOf(input.uri), 'input'));
  const kept = data.stages.flatMap((stage, i) => (stage.outputs ?? []).map(output => figure(output.uri, output.media_type, `stage ${i + 1}, ${stage.model}`)));
  const phases = ['queued', 'prepare', 'denoise', 'decode', 'encode', 'upload'].map(name => ({ name, value: data.timings_ms[name] ?? 0 }));
  return [
    h('div', { class: 'figures' }, inputs, kept, outputs),
    data.warnings?.length > 0 ? h('section', {}, h('h2', {}, 'Warnings'), h('ul', {}, data.warnings.map(each => h('li', {}, each)))) : null,
    h('section', {}, h('h2', {}, 'Facts'), factList(data, signature)),
    h('section', {}, h('h2', {}, `Time: ${Math.round(data.timings_ms.total)} ms`), bar(phases, 'ms')),
    h('section', {}, h('h2', {}, 'Effective request'), requestBox(data, facts)),
    h('section', {}, h('h2', {}, 'Files'), verifyBox(data)),
    h('section', {}, h('h2', {}, 'Fingerprint'), data.stages.map(stage => h('details', {}, h('summary', {}, stage.model),
      h('pre', { tabindex: 0 }, JSON.stringify(stage.fingerprint, null, 2))))),
  ].filter(Boolean);
}

const figure = (uri, type, caption) => h('figure', {}, media(uri, type, caption), h('figcaption', {}, caption));

function factList(data, signature) {
  const request = data.request;
  const stage = data.stages.at(-1)?.fingerprint ?? {};
  const facts = {
    model: [request.model, ...(request.then ?? []).map(each => each.model)].map(name => name.split('@')[0]).join(' → '),
    prompt: request.prompt,
    'negative prompt': request.negative_prompt,
    'class label': request.class_label,
    sampler: request.scheduler?._class_name,
    steps: data.steps,
    'guidance scale': request.guidance_scale,
    evaluations: data.model_evaluations,
    'delivered to a worker': data.attempts > 1 ? `${data.attempts} times` : 'once',
    tier: stage.determinism_tier,
    device: stage.device,
    signature: signatureText(data, signature),
  };
  return h('dl', { class: 'facts' }, Object.entries(facts).filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, String(value)))));
}

/** The verdict on the signature, if the console has public keys. */
function signatureText(data, verdict) {
  if (verdict) return verdict === 'valid' ? `valid, key ${data.attestation.signatures[0].keyid}` : verdict.replace(/^signature: /, '');
  return data.attestation ? `by key ${data.attestation.signatures[0].keyid}, not checked (darkroom.console.public-keys)` : 'none';
}

function requestBox(data, facts) {
  const text = JSON.stringify(data.request, null, 2);
  const bare = JSON.stringify(data.request);
  const quoted = each => `'${String(each).replaceAll("'", "'\\''")}'`;
  const line = `printf %s ${quoted(bare)} | kcat -b ${quoted(facts.brokers)} -t ${quoted(facts.topic)} -k ${quoted(data.request_id)} -P -H content-type=application/json`;
  return h('div', {}, h('p', { class: 'buttons' }, copyButton('Copy as JSON', () => text), copyButton('Copy as kcat line', () => line),
    facts.submit ? h('a', { class: 'button', href: `#/ask?from=${encodeURIComponent(data.request_id)}&seed=new` }, 'Again with another seed') : null,
    facts.submit ? h('a', { class: 'button', href: `#/ask?from=${encodeURIComponent(data.request_id)}` }, 'Change and ask again') : null),
  h('pre', { tabindex: 0 }, text));
}

const signed = answer => !answer.signed ? 'The manifest is not signed.'
  : answer.signature_checked ? 'Its signature is valid.' : 'The manifest is signed; the signature is not checked.';

function verifyBox(data) {
  const verdict = h('div', { role: 'status' });
  const check = h('button', { type: 'button', onclick: async () => {
    check.disabled = true;
    try {
      const answer = await get('verify', { id: data.request_id });
      replace(verdict, answer.problems.length === 0
        ? h('p', { class: 'good' }, `Good: every file is stored, unchanged, and belongs to its manifest. ${signed(answer)}`)
        : h('ul', { class: 'violation' }, answer.problems.map(each => h('li', {}, each))));
    } catch (failure) {
      replace(verdict, h('p', { class: 'violation' }, failure.message));
    }
    check.disabled = false;
  } }, 'Verify the stored files');
  return h('div', {}, h('ul', { class: 'files' }, data.outputs.map(output => h('li', {}, h('code', {}, output.uri), h('span', { class: 'quiet' }, ` ${output.bytes} bytes, pixels ${output.pixels_sha256.slice(0, 12)}`)))),
    h('p', {}, check), verdict);
}

