import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';

const SCRIPT = fileURLToPath(new URL('../../scripts/chromium.sh', import.meta.url));
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Where a Chromium is, or `null` with the reason printed. In CI, where the browser is part of what is tested, a
 * missing one is a failure.
 */
export const chromiumPath: string | null = find();

function find(): string | null {
  try {
    return execFileSync('sh', [SCRIPT], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? error).trim();
    if (process.env['CI'] === 'true')
      throw new Error(`The browser tests need a Chromium. ${said}`, { cause: error });
    console.warn(`Browser tests skipped. ${said}`);
    return null;
  }
}

export function launch(): Promise<Browser> {
  if (chromiumPath === null) throw new Error('No Chromium.');
  return chromium.launch({ executablePath: chromiumPath, args: ARGS });
}
