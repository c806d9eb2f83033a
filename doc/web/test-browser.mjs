// test-browser.mjs: Chromium for the tests, with no traffic of its own
import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';

export function launch() {
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim();
  const quiet = ['--disable-quic', '--disable-background-networking', '--disable-component-update',
    '--disable-sync'];
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...quiet] });
}
