// test-browser.mjs: Chromium for the tests, with no traffic of its own; what goes wrong in a page; and a
// figure of the book that computes.
import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';

export function launch() {
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  const not = ['quic', 'background-networking', 'component-update', 'sync'].map(what => `--disable-${what}`);
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...not] });
}
export function hear(page, tell) {
  page.on('console', m => tell(`the page says: ${m.text()}`));
  page.on('pageerror', e => tell(`the page's script failed: ${e.message}`));
}
export const keys = async (page, ...names) => {
  for (const name of names) await page.keyboard.press(name);
};
export function figure(page, name) {
  const frame = page.locator(`figure[id="fig:${name}"]`);
  const panel = frame.locator('.panel');
  const go = frame.locator('button.go');
  const status = panel.locator('[role=status]');
  return {
    panel,
    go,
    status,
    told: key => panel.evaluate((e, k) => e.dataset[k], key),
    press: button => panel.getByRole('button', { name: button, exact: true }).click(),
    async open() {
      await go.focus();
      await keys(page, 'Enter');
      await status.filter({ hasNotText: 'starting' }).waitFor({ timeout: 60000 });
    },
    async drawOne() { // by the keyboard
      await panel.getByRole('application').focus();
      await page.keyboard.down('Shift');
      await keys(page, ...Array(18).fill('ArrowDown'));
      await page.keyboard.up('Shift');
    },
  };
}
