import { chromium, type Browser } from 'playwright-core';
import { installed } from '../support/installed.js';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where a Chromium is. */
export const chromiumPath = installed('chromium.sh', 'tests in a browser');

export function launch(): Promise<Browser> {
  if (chromiumPath === null) throw new Error('No Chromium.');
  return chromium.launch({ executablePath: chromiumPath, args: ARGS });
}
