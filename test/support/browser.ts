import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

const ROOT = path.resolve(__dirname, '../..');

/** Debian's; `scripts/system.sh test` sees that it is there. */
const CHROMIUM = '/usr/bin/chromium';
/** Nothing that asks the internet, and no sandbox, which a container does not have. */
const QUIET = [
  ...['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** A headless Chromium. Close it: one a test file. */
export function startBrowser(...args: string[]): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: [...QUIET, ...args] });
}

export interface BuiltPages {
  /** For `PROBITY_WEB_DIR`. */
  directory: string;
  remove(): Promise<void>;
}

/** The pages of the sources as they are now, whatever `npm run build` left. */
export async function buildPages(): Promise<BuiltPages> {
  const directory = await mkdtemp(path.join(tmpdir(), 'probity-web-'));
  const vite = path.join(ROOT, 'node_modules/.bin/vite');
  await promisify(execFile)(vite, ['build', '--logLevel', 'warn', '--outDir', directory], { cwd: ROOT });
  return { directory, remove: () => rm(directory, { recursive: true }) };
}

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe-core finds against WCAG 2.2 A and AA on the page as it is, a line each; none is good. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>(
    `axe.run(document, { runOnly: ${JSON.stringify(STANDARDS)} })`,
  );
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ html }) => html).join(' ')})`,
  );
}
