// The console in headless Chromium, on a real broker, store and worker. CONSOLE is its address; GUARDED is that of another one of the
// same topics, which needs TOKEN and only reads.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { blinking, squareFilm } from './fixtures.mjs';

const CONSOLE = process.env.CONSOLE;
const { GUARDED, TOKEN } = process.env;
const SHOTS = process.env.SHOTS; // a folder for screenshots, if there is one
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PATIENCE = 180_000;
const SIZES = { wide: { width: 1280, height: 860 }, narrow: { width: 390, height: 844 } };
const run = Date.now().toString(36);

let browser;
let page;
const faults = [];

before(async () => {
  assert.ok(CONSOLE && GUARDED && TOKEN, 'CONSOLE, GUARDED and TOKEN must be set');
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  page = await open(SIZES.wide);
});
after(() => browser?.close());

async function open(viewport, scheme = 'light') {
  const context = await browser.newContext({ viewport, colorScheme: scheme, bypassCSP: false });
  const opened = await context.newPage();
  opened.setDefaultTimeout(PATIENCE);
  opened.on('pageerror', error => faults.push(error.message));
  opened.on('console', message => {
    if (message.type() === 'error' && !/status of (401|404|422)/.test(message.text())) faults.push(message.text());
  });
  opened.on('request', request => {
    if (![CONSOLE, GUARDED].some(own => request.url().startsWith(own)) && !/^(blob|data):/.test(request.url())) faults.push(`another host: ${request.url()}`);
  });
  return opened;
}

async function go(hash, on = page) {
  await on.goto(CONSOLE + hash);
  await on.waitForSelector('h1');
}

/** Waits until an expression is true in the page. The policy of the page forbids evaluating code in it. */
async function until(predicate, argument, on = page) {
  const end = Date.now() + PATIENCE;
  while (!await on.evaluate(predicate, argument)) {
    assert.ok(Date.now() < end, `timeout while waiting for ${predicate}`);
    await on.waitForTimeout(100);
  }
}

const shoot = async (name, on = page) => {
  if (!SHOTS) return;
  await until(() => [...document.images].every(image => image.complete || image.loading === 'lazy' && image.getBoundingClientRect().top > innerHeight), null, on);
  await on.screenshot({ path: `${SHOTS}/${name}.png` });
};

/** Presses Tab until an element that matches has the focus. */
async function tabTo(selector, on = page) {
  for (let i = 0; i < 150; i++) {
    await on.keyboard.press('Tab');
    if (await on.evaluate(wanted => document.activeElement.matches(wanted), selector)) return;
  }
  assert.fail(`the keyboard does not reach ${selector}`);
}

/** Calls the server as the page does. */
const call = (path, body) => page.evaluate(async ([to, data]) => (await fetch(`api/${to}`, {
  method: 'POST', headers: { 'content-type': 'application/json', 'x-darkroom-console': '1' }, body: JSON.stringify(data),
})).status, [path, body]);

/** Fills the form. The names are those of the request's fields. */
async function fill(values) {
  await go('#/ask');
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`#field-${name}`);
    if (await field.evaluate(element => element.tagName) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
}

async function ask(values) {
  await fill(values);
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await page.waitForURL(/#\/result\//);
}

const FOX = { kind: 'generate', model: 'emoji-64', prompt: 'fox', num_inference_steps: '40', guidance_scale: '3', preview_every: '4', scheduler: 'euler_a' };

test('a request of the form is followed: its steps and previews come, then its picture', async () => {
  const id = `fox-${run}`;
  await ask({ ...FOX, num_inference_steps: '100', id, seed: '1' });
  await page.waitForSelector('.job .preview img');
  const first = await page.locator('.job .far').textContent();
  assert.match(first, /^step \d+ of 100$/);
  const value = await page.locator('.job progress').evaluate(bar => bar.value);
  const preview = await page.locator('.job .preview img').getAttribute('src');
  await until(([done, src]) => {
    const bar = document.querySelector('.job progress');
    return !bar || (bar.value > done && document.querySelector('.job .preview img').getAttribute('src') !== src);
  }, [value, preview]);
  await shoot('follow');
  const picture = page.locator('.figures img');
  await picture.waitFor();
  await until(() => document.querySelector('.figures img').complete);
  assert.equal(await picture.evaluate(image => image.naturalWidth), 64);
  await page.getByRole('button', { name: 'Verify the stored files' }).click();
  await page.waitForSelector('.good');
  assert.match(await page.locator('.good').textContent(), /^Good: every file is stored/);
  assert.match(await page.locator('.good').textContent(), /Its signature is valid\.$/);
  assert.match(await page.locator('.facts').textContent(), /euler_a/);
  assert.match(await page.locator('.facts').textContent(), /signaturevalid, key darkroom/);
  assert.equal(await page.locator('.phases rect.part2').count(), 2, 'denoising in the bar and in its legend');
  assert.match(await page.locator('.phases figcaption').textContent(), /queued [\d.]+ ms.*denoise \d+ ms.*upload [\d.]+ ms/);
  const share = await page.locator('.phases > svg rect.part2').evaluate(part => part.width.baseVal.value / 1000);
  assert.ok(share > 0.3, `denoising of 100 steps is ${share} of the bar`);
  await page.locator('details', { hasText: 'determinism_tier' }).locator('summary').click();
  assert.match(await page.locator('details[open] pre').textContent(), /"determinism_tier": "exact"/);
  await shoot('result-wide');
});

test('the effective request is copied as JSON and as a line for kcat', async () => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = async name => {
    await page.getByRole('button', { name }).click();
    await page.locator('.toast.shown', { hasText: 'Copied' }).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const request = JSON.parse(await copied('Copy as JSON'));
  assert.deepEqual([request.id, request.prompt, request.num_inference_steps], [`fox-${run}`, 'fox', 100]);
  const line = await copied('Copy as kcat line');
  assert.match(line, new RegExp(`^printf %s '.*' \\| kcat -b '[^']+' -t 'darkroom.requests' -k 'fox-${run}' -P -H content-type=application/json$`));
  assert.deepEqual(JSON.parse(line.slice(line.indexOf("'") + 1, line.indexOf("' | kcat"))), request);
});

test('the live page shows it while it runs', async () => {
  const id = `live-${run}`;
  await ask({ ...FOX, num_inference_steps: '400', id, seed: '2' });
  await go('#/live');
  const row = page.locator('.job', { hasText: id });
  await row.locator('.preview img').waitFor();
  assert.match(await row.locator('.far').textContent(), /^step \d+ of 400$/);
  assert.match(await row.locator('.left').textContent(), /^(\d+ s left|finishing)$/);
  assert.match(await row.locator('.what').textContent(), /^emoji-64 · euler_a · on \d+@/);
  assert.ok(Number(await page.locator('main').getAttribute('data-update-millis')) >= 0);
  await until(() => /renders 1/.test(document.querySelector('.workers')?.textContent));
  assert.match(await page.locator('.workers').textContent(), /\d+@.*partition.*emoji-64 exact, cpu/);
  assert.match(await page.locator('.tiles').textContent(), /backlog of this worker\d+ s/);
  await until(() => [...document.querySelectorAll('.line strong')].every(each => parseFloat(each.textContent) > 0));
  assert.match(await page.locator('.charts').textContent(), /Calls[\d.]+ per second.*Rows[\d.]+ per call/);
  await shoot('live-wide');
  await page.locator('.workers').scrollIntoViewIfNeeded();
  await shoot('live-workers-wide');
  const narrow = await open(SIZES.narrow);
  await go('#/live', narrow);
  await narrow.locator('.job', { hasText: id }).waitFor();
  await shoot('live-narrow', narrow);
  await narrow.context().close();
  await row.waitFor({ state: 'detached' });
  await page.locator('.strip', { hasText: id }).waitFor();
});

test('waiting requests are shown with their places, and many results are loaded as the end comes into view', async () => {
  const ids = Array.from({ length: 80 }, (_, i) => `wait-${run}-${i}`);
  await go('#/live');
  for (const id of ids) {
    assert.equal(await call('requests', { id, kind: 'generate', model: 'emoji-64', prompt: 'moon', num_inference_steps: 1000, scheduler: { _class_name: 'euler_a' }, seed: 1 }), 202);
  }
  await page.locator('.waiting a').first().waitFor();
  const places = await page.locator('.waiting .place').allTextContents();
  assert.deepEqual(places, places.map((_, i) => String(i + 1)));
  assert.match(await page.locator('.waiting li').first().textContent(), /^1wait-.*emoji-64waits \d+ s$/);
  await until(() => /[1-9]\d* (s|min)/.test([...document.querySelectorAll('.tiles div')].find(each => /backlog/.test(each.textContent)).textContent));
  await shoot('live-busy-wide');
  for (const id of ids) assert.equal(await call('cancel', { id }), 202);
  await until(() => /cancelled (8\d|9\d)/.test(document.querySelector('.outcomes').textContent));
  await go('#/results');
  await page.locator('.card').first().waitFor();
  const first = await page.locator('.card').count();
  assert.ok(first <= 96, `${first} of more than 90 are loaded at first`);
  await until(() => {
    document.querySelector('.card:last-child').scrollIntoView();
    return /^\d+ shown\.$/.test(document.querySelector('main > p[role=status]:not(.compare-bar)').textContent);
  });
  assert.ok(await page.locator('.card').count() > 90);
});

test('a sound is shown with a player and its waveform', async () => {
  await ask({ kind: 'generate', model: 'wave-mini', num_inference_steps: '4', id: `sound-${run}`, seed: '1' });
  await page.locator('.wave path').waitFor();
  const path = await page.locator('.wave path').getAttribute('d');
  assert.equal(path.match(/M/g).length, 400);
  assert.ok(new Set(path.match(/V[-\d.]+/g)).size > 10, 'the wave has a form');
  await until(() => document.querySelector('audio').duration > 0);
  assert.equal(await page.locator('audio').evaluate(sound => Math.round(sound.duration * 8000)), 4096);
  await page.locator('audio').evaluate(sound => { sound.muted = true; return sound.play(); });
  await until(() => document.querySelector('audio').ended);
  await shoot('sound-wide');
});

test('a tensor is shown with its shape, range and histogram', async () => {
  await fill({ ...FOX, num_inference_steps: '4', id: `tensor-${run}`, seed: '1' });
  await page.getByText('More fields').click();
  await page.locator('#field-output').fill('{"format": "npy"}');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await page.locator('.tensor svg').waitFor();
  assert.match(await page.locator('.tensor p').textContent(), /^float32 \[3, 64, 64\], 12,288 values from -?[\d.e-]+ to -?[\d.e-]+, mean/);
  const heights = await page.locator('.tensor rect').evaluateAll(bars => bars.map(bar => bar.height.baseVal.value));
  assert.deepEqual([heights.length, Math.max(...heights)], [48, 78]);
  assert.ok(heights.filter(height => height > 0).length > 10);
  await shoot('tensor-wide');
});

test('a film is played, also as an input, whatever the name of an input ends with', async () => {
  const opened = await open(SIZES.wide);
  await opened.route('**/api/result?*', async route => {
    const answer = await (await route.fetch()).json();
    answer.manifest.inputs = [{ uri: 's3://darkroom/renders/film.npy', sha256: '0' }, { uri: 's3://darkroom/renders/other.bin', sha256: '0' }];
    await route.fulfill({ json: answer });
  });
  await opened.route('**/api/object?*film.npy', route => route.fulfill({ body: Buffer.from(squareFilm()), contentType: 'application/octet-stream' }));
  await go(`#/result/fox-${run}`, opened);
  const film = opened.locator('.film');
  await film.waitFor();
  assert.match(await opened.locator('.figures figure', { hasText: 'other.bin' }).textContent(), /s3:\/\/darkroom\/renders\/other\.bininput/);
  assert.match(await opened.locator('.tensor p').textContent(), /^float32 \[3, 8, 32, 32\]/);
  assert.equal(await film.locator('output').textContent(), 'frame 1 of 8');
  const white = x => film.locator('canvas').evaluate((canvas, at) => [...canvas.getContext('2d').getImageData(at, 15, 1, 1).data], x);
  assert.deepEqual([await white(2), await white(28)], [[255, 255, 255, 255], [64, 64, 64, 255]]);
  await film.getByRole('button', { name: 'Play' }).click();
  await until(() => document.querySelector('.film output').textContent === 'frame 4 of 8', null, opened);
  await film.getByRole('button', { name: 'Pause' }).click();
  await film.locator('input').fill('7');
  assert.deepEqual([await white(2), await white(28)], [[64, 64, 64, 255], [255, 255, 255, 255]]);
  await shoot('film-wide', opened);
  await opened.context().close();
});

test('an animated picture moves', async () => {
  const opened = await open(SIZES.wide);
  await opened.route('**/api/object?*', route => route.fulfill({ body: blinking(), contentType: 'image/png' }));
  await go(`#/result/fox-${run}`, opened);
  const image = opened.locator('.figures img');
  await image.waitFor();
  await until(() => document.querySelector('.figures img').naturalWidth === 32, null, opened);
  const seen = new Set();
  for (let i = 0; i < 50 && seen.size < 2; i++) seen.add((await image.screenshot()).toString('base64'));
  assert.ok(seen.size >= 2, 'both frames are seen');
  await opened.context().close();
});

test('a cancelled request is shown as cancelled', async () => {
  const id = `cancel-${run}`;
  await ask({ ...FOX, num_inference_steps: '1000', id, seed: '3' });
  await page.getByRole('button', { name: `Cancel ${id}` }).click();
  await page.waitForSelector('.trouble');
  assert.match(await page.locator('.trouble h2').textContent(), /^cancelled/);
});

test('violations of the page and of the worker are shown at their fields', async () => {
  await fill({ ...FOX, id: `bad-${run}`, num_inference_steps: '0', seed: '-1' });
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  assert.equal(await page.locator('#field-num_inference_steps-violation').textContent(), 'must be 1 or more');
  assert.match(await page.locator('#field-seed-violation').textContent(), /must be/);
  assert.equal(await page.locator('#field-num_inference_steps').getAttribute('aria-invalid'), 'true');
  await shoot('violations-wide');

  await fill({ ...FOX, id: `bad-${run}`, seed: '4', model: 'emoji-99' });
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await page.waitForSelector('.trouble');
  assert.match(await page.locator('.trouble').textContent(), /\/model.*must be one of/);
  await page.getByRole('link', { name: /^Dead letter darkroom\.dead-letters\// }).click();
  await page.waitForSelector('#content');
  assert.match(await page.locator('#content').textContent(), /"model":"emoji-99"/);
  assert.match(await page.locator('table').textContent(), /dl-classmodel/);
  await shoot('dead-letter-wide');

  await page.getByRole('link', { name: 'Correct and ask again' }).click();
  await page.waitForSelector('form.ask');
  assert.match(await page.locator('#field-model-violation').textContent(), /must be one of/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'field-model');
  assert.equal(await page.locator('#field-prompt').inputValue(), 'fox');
  assert.notEqual(await page.locator('#field-id').inputValue(), `bad-${run}`);
  await shoot('correct-wide');
  await page.locator('#field-model').fill('emoji-64');
  assert.equal(await page.locator('#field-model-violation').textContent(), '');
  await page.locator('#field-id').fill(`corrected-${run}`);
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await page.locator('.figures img').waitFor();
});

test('a rule of the planner is shown at its field when the request is corrected', async () => {
  await ask({ ...FOX, id: `odd-${run}`, width: '65', height: '64' });
  await page.waitForSelector('.trouble');
  await page.getByRole('link', { name: 'Correct and ask again' }).click();
  await page.waitForSelector('form.ask');
  assert.match(await page.locator('#field-width-violation').textContent(), /multiple/);
});

test('the form offers the labels and sizes of the model', async () => {
  const options = name => page.locator(`#field-${name}-list option`).evaluateAll(all => all.map(each => each.value));
  await fill({ model: 'emoji-32' });
  assert.ok((await options('class_label')).includes('fox-face'));
  assert.ok((await options('width')).includes('32'));
  assert.equal(await page.locator('#field-class_label').getAttribute('list'), 'field-class_label-list');
  await page.locator('#field-model').fill('emoji-64');
  assert.deepEqual(await options('class_label'), []);
  assert.ok((await options('width')).includes('64'));
  assert.equal(await page.locator('#field-width').getAttribute('placeholder'), 'default 64');
});

test('results are filtered', async () => {
  await go('#/results');
  await page.locator('.card').first().waitFor();
  await page.getByLabel('Search').fill(`fox-${run}`);
  await until(() => document.querySelectorAll('.card').length === 1);
  await page.getByLabel('Search').fill('RED rocket');
  await until(() => document.querySelectorAll('.card').length > 0 || /No results/.test(document.querySelector('main').textContent));
  await page.getByLabel('Search').fill('panda');
  await until(() => document.querySelectorAll('.card').length > 0
    && [...document.querySelectorAll('.card')].every(card => /panda/i.test(card.querySelector('.prompt').textContent + card.querySelector('.name').textContent)));
  await go('#/results');
  await page.getByLabel('Sampler').selectOption('euler_a');
  await until(() => document.querySelectorAll('.card').length > 0 && [...document.querySelectorAll('.card')].every(card => /euler_a/.test(card.textContent)));
  assert.equal(await page.locator('.card', { hasText: 'rocket' }).count(), 0);
  await go('#/results');
  await page.getByLabel('Outcome').selectOption('rejected: model');
  await until(() => document.querySelectorAll('.card').length > 0 && [...document.querySelectorAll('.card .mark')].every(mark => mark.classList.contains('rejected')));
});

test('any prompt is shown as text', async () => {
  const id = `markup-${run}`;
  await ask({ ...FOX, num_inference_steps: '4', id, seed: '5', prompt: '<img src=x onerror=alert(1)><b>fox</b>' });
  await page.locator('.figures img').waitFor();
  assert.match(await page.locator('.facts').textContent(), /<b>fox<\/b>/);
  assert.equal(await page.locator('main b').count(), 0);
});

test('a picture is compared with the one of another seed', async () => {
  await go(`#/result/fox-${run}`);
  await page.getByRole('link', { name: 'Again with another seed' }).click();
  await page.waitForSelector('#field-seed');
  const id = await page.locator('#field-id').inputValue();
  assert.notEqual(await page.locator('#field-seed').inputValue(), '1');
  assert.equal(await page.locator('#field-prompt').inputValue(), 'fox');
  await page.locator('#field-num_inference_steps').fill('8');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await page.locator('.figures img').waitFor();
  await go('#/results?outcome=completed');
  await page.getByRole('button', { name: `Mark fox-${run} for` }).click();
  await page.getByRole('button', { name: `Mark ${id} for` }).click();
  await shoot('results-wide');
  await page.getByRole('link', { name: 'Compare' }).click();
  await until(() => document.querySelector('#verdict')?.textContent);
  assert.match(await page.locator('#verdict').textContent(), /pixels differ, by at most/);
  assert.match(await page.locator('table').textContent(), /request\.seed/);
  await shoot('compare-wide');
  await go(`#/compare/fox-${run}/fox-${run}`);
  await until(() => document.querySelector('#verdict')?.textContent);
  assert.equal(await page.locator('#verdict').textContent(), 'All pixels are equal.');
});

test('a wrong token is refused, the right one opens a console that only reads', async () => {
  const reader = await open(SIZES.wide);
  await reader.goto(`${GUARDED}#/result/fox-${run}`);
  const field = reader.locator('#token');
  await field.fill('a token that is another one');
  await reader.getByRole('button', { name: 'Open' }).click();
  await reader.waitForSelector('dialog .violation:not(:empty)');
  assert.equal(await reader.locator('dialog .violation').textContent(), 'the token is wrong');
  assert.equal(await reader.locator('.figures').count(), 0);
  await field.fill(TOKEN);
  await reader.getByRole('button', { name: 'Open' }).click();
  await reader.locator('.figures img').waitFor();
  await reader.goto(`${GUARDED}#/ask`);
  await reader.waitForSelector('form.ask');
  assert.ok(await reader.getByRole('button', { name: 'Ask', exact: true }).isDisabled());
  await reader.context().close();
});

test('every page is usable at 390 px, by keyboard, in light and dark, and has no serious fault', async () => {
  for (const scheme of ['light', 'dark']) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      const opened = await open(viewport, scheme);
      for (const [name, hash] of [['live', '#/live'], ['results', '#/results'], ['result', `#/result/fox-${run}`],
        ['trouble', `#/result/bad-${run}`], ['ask', '#/ask'], ['dead-letter', `#/dead-letter/bad-${run}`], ['sound', `#/result/sound-${run}`], ['tensor', `#/result/tensor-${run}`], ['compare', `#/compare/fox-${run}/markup-${run}`]]) {
        await opened.goto('about:blank');
        await go(hash, opened);
        await opened.waitForTimeout(600);
        const wider = await opened.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wider <= 0, `${name} is wider than ${size} by ${wider}`);
        const found = await serious(opened);
        assert.deepEqual(found, [], `${name} ${size} ${scheme}`);
        await shoot(`${name}-${size}-${scheme}`, opened);
      }
      await opened.context().close();
    }
  }
});

/** Returns serious and critical findings of axe-core, which the debugger injects despite the policy. */
async function serious(on) {
  await on.evaluate(AXE);
  const { violations } = await on.evaluate(() => axe.run());
  return violations.filter(each => ['serious', 'critical'].includes(each.impact))
    .map(each => `${each.id}: ${each.nodes.map(node => `${node.target} ${node.failureSummary}`).join(' | ')}`);
}

test('the keyboard reaches the pages', async () => {
  await page.goto('about:blank');
  await go('#/live');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
  const reached = new Set();
  for (let i = 0; i < 8; i++) {
    await page.keyboard.press('Tab');
    reached.add(await page.evaluate(() => document.activeElement.textContent));
  }
  for (const name of ['Live', 'Results', 'Ask']) assert.ok(reached.has(name), name);
});

test('a request is asked for and cancelled by keyboard', async () => {
  await page.goto('about:blank');
  await go('#/ask');
  const id = `keys-${run}`;
  for (const [name, value] of [['model', 'emoji-64'], ['prompt', 'fox'], ['num_inference_steps', '1000'], ['scheduler', 'euler_a'], ['id', id]]) {
    await tabTo(`#field-${name}`);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(value);
  }
  await tabTo('form > details > summary');
  await page.keyboard.press('Enter');
  await tabTo('#field-output');
  await tabTo('button.primary');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/result\//);
  await page.locator('.job').waitFor();
  await tabTo('.job button');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.trouble');
  assert.match(await page.locator('.trouble h2').textContent(), /^cancelled/);
});

test('results are marked and compared by keyboard', async () => {
  await page.goto('about:blank');
  await go(`#/results?q=${run}&outcome=completed`);
  await page.locator('.card').first().waitFor();
  for (const id of [`fox-${run}`, `markup-${run}`]) {
    await tabTo(`.card button[data-id="${id}"]`);
    await page.keyboard.press('Space');
    assert.equal(await page.locator(`.card button[data-id="${id}"]`).getAttribute('aria-pressed'), 'true');
  }
  await tabTo('.compare-bar a');
  await page.keyboard.press('Enter');
  await until(() => document.querySelector('#verdict')?.textContent);
  await tabTo('#gain');
  const before = Number(await page.locator('#gain').inputValue());
  await page.keyboard.press('ArrowRight');
  assert.equal(Number(await page.locator('#gain').inputValue()), before + 1);
});

test('zoom and details of a result are used by keyboard', async () => {
  await page.goto('about:blank');
  await go(`#/result/fox-${run}`);
  await page.locator('.figures img').waitFor();
  await tabTo('.zoom button:last-child');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('.figures img').evaluate(image => image.getBoundingClientRect().width), 512);
  await tabTo('details summary');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('details').first().evaluate(details => details.open), true);
});

test('the token is given by keyboard', async () => {
  const reader = await open(SIZES.wide);
  await reader.goto(`${GUARDED}#/results`);
  await reader.locator('#token').waitFor();
  assert.equal(await reader.evaluate(() => document.activeElement.id), 'token');
  await reader.keyboard.type(TOKEN);
  await reader.keyboard.press('Tab');
  await reader.keyboard.press('Enter');
  await reader.locator('.card').first().waitFor();
  await reader.context().close();
});

test('the page had no errors and no requests to other hosts', () => assert.deepEqual(faults, []));
