// Watches the live page of a console in headless Chromium: node watch.mjs ADDRESS MINUTES. Prints each minute the longest update of the
// page, the longest task of its thread, layout and painting included, and the heap of the page after a collection.
import { chromium } from 'playwright-core';

const [address, minutes] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
await page.goto(`${address}#/live`);
await page.locator('.job').first().waitFor();
const debug = await page.context().newCDPSession(page);
await page.evaluate(() => {
  window.seen = { updates: 0, update: 0, task: 0 };
  new MutationObserver(() => {
    seen.updates++;
    seen.update = Math.max(seen.update, Number(document.querySelector('main').dataset.updateMillis));
  }).observe(document.querySelector('main'), { attributeFilter: ['data-update-millis'] });
  new PerformanceObserver(list => list.getEntries().forEach(each => { seen.task = Math.max(seen.task, each.duration); })).observe({ type: 'longtask' });
});
console.log('minute  updates  longest update ms  longest task ms (0: none over 50)  heap MB  rows');
for (let minute = 1; minute <= Number(minutes); minute++) {
  await page.waitForTimeout(60_000);
  await debug.send('HeapProfiler.collectGarbage');
  const { usedSize } = await debug.send('Runtime.getHeapUsage');
  const { updates, update, task, rows } = await page.evaluate(() => {
    const now = { ...seen, rows: document.querySelectorAll('.job').length };
    window.seen = Object.assign(seen, { updates: 0, update: 0, task: 0 });
    return now;
  });
  console.log([minute, updates, update, task, (usedSize / 1e6).toFixed(1), rows].join('  '));
}
await browser.close();
