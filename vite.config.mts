import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vite';

const web = path.resolve(import.meta.dirname, 'web');

/** A page is a folder of web/ with an index.html; `src/http/pages.ts` serves what comes of it. */
const pages = readdirSync(web)
  .map((name) => path.join(web, name, 'index.html'))
  .filter((file) => existsSync(file));

export default defineConfig({
  root: web,
  publicDir: false,
  build: {
    outDir: path.resolve(import.meta.dirname, 'dist/web'),
    emptyOutDir: true,
    target: ['chrome111', 'firefox115', 'safari16.4'],
    // The policy of the pages allows no inline script, and the browsers above need no polyfill.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: pages },
  },
  worker: { format: 'es' },
});
