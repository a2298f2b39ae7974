import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Middleware } from 'koa';
import absolutePath from 'swagger-ui-dist/absolute-path';
import type { Family } from './family.js';
import { openApi } from './openapi.js';

/** Files of Swagger UI that the page needs, served from here so that it works without the internet. */
const ASSETS = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'swagger-ui-standalone-preset.js': 'text/javascript',
  'favicon-32x32.png': 'image/png',
};

const PAGE = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Probity: the REST API</title>
  <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
  <link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
  <div id="page"></div>
  <script src="/docs/swagger-ui-bundle.js"></script>
  <script src="/docs/swagger-ui-standalone-preset.js"></script>
  <script src="/docs/page.js"></script>
</body>
</html>
`;

/** Scripts and styles from here only; Swagger UI draws its icons from data: URLs. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function pageScript(families: readonly Family[]): string {
  const urls = families.map(({ name, title }) => ({ name: title, url: `/${name}/openapi.json` }));
  return `window.ui = SwaggerUIBundle({
  urls: ${JSON.stringify(urls)},
  dom_id: '#page',
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
  validatorUrl: null,
});
`;
}

/** `/<family>/openapi.json` of every family, and `/docs`, a page to read them. */
export function documentation(families: readonly Family[]): Middleware {
  const files = new Map<string, { type: string; body: Buffer | string }>();
  const directory = absolutePath();
  for (const [name, type] of Object.entries(ASSETS)) {
    files.set(`/docs/${name}`, { type, body: readFileSync(path.join(directory, name)) });
  }
  files.set('/docs', { type: 'text/html; charset=utf-8', body: PAGE });
  files.set('/docs/page.js', { type: 'text/javascript', body: pageScript(families) });
  for (const family of families) {
    const body = JSON.stringify(openApi(family));
    files.set(`/${family.name}/openapi.json`, { type: 'application/json', body });
  }
  return (ctx, next) => {
    const file = files.get(ctx.path.replace(/(?!^)\/$/, ''));
    if (!file || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
    ctx.set('Content-Security-Policy', POLICY);
    ctx.set('Cache-Control', 'public, max-age=300');
    ctx.set('Content-Type', file.type);
    ctx.body = file.body;
    return undefined;
  };
}
