// The console in headless Chromium, on a real broker, store and worker. CONSOLE is its address; GUARDED is that of another one of the
// same topics, which needs TOKEN and only reads.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

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
  if (SHOTS) await on.screenshot({ path: `${SHOTS}/${name}.png` });
};

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
  assert.match(await page.locator('.facts').textContent(), /euler_a/);
  await shoot('result-wide');
});

test('the live page shows it while it runs', async () => {
  const id = `live-${run}`;
  await ask({ ...FOX, num_inference_steps: '100', id, seed: '2' });
  await go('#/live');
  const row = page.locator('.job', { hasText: id });
  await row.locator('.preview img').waitFor();
  assert.match(await row.locator('.far').textContent(), /^step \d+ of 100$/);
  assert.ok(Number(await page.locator('main').getAttribute('data-update-millis')) >= 0);
  await shoot('live-wide');
  const narrow = await open(SIZES.narrow);
  await go('#/live', narrow);
  await narrow.locator('.job', { hasText: id }).waitFor();
  await shoot('live-narrow', narrow);
  await narrow.context().close();
  await row.waitFor({ state: 'detached' });
  await page.locator('.strip', { hasText: id }).waitFor();
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
  assert.match(await page.locator('.trouble').textContent(), /Dead letter: darkroom\.dead-letters\//);
});

test('results are filtered', async () => {
  await go('#/results');
  await page.locator('.card').first().waitFor();
  await page.getByLabel('Search').fill(`fox-${run}`);
  await until(() => document.querySelectorAll('.card').length === 1);
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
  await go('#/results');
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
        ['trouble', `#/result/bad-${run}`], ['ask', '#/ask'], ['compare', `#/compare/fox-${run}/markup-${run}`]]) {
        await opened.goto('about:blank');
        await go(hash, opened);
        await opened.waitForTimeout(1500);
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

test('the keyboard reaches the pages and the fields', async () => {
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

test('the page had no errors and no requests to other hosts', () => assert.deepEqual(faults, []));
