import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { send } from '@koa/send';
import type { Context, Middleware } from 'koa';

/** The only page with a camera, and that the pages of an LMS may frame. */
const CAPTURE = 'capture';

/** Their names have a hash of what is in them: what a name means never changes. */
const ASSET = /^\/assets\/([\w-]+\.)+(js|css|svg|png|woff2)$/;
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** Everything comes from here, and pictures also from the page's own camera. */
const policy = (frameAncestors: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "media-src 'self' blob:",
    `frame-ancestors ${frameAncestors}`,
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');

/**
 * The pages that people look at, as `npm run build` left them: `/capture/` and so on, a folder a page, and what they
 * are made of under `/assets/`.
 * @param directory where there is none, no page is served
 * @param openerOf the origin of a connected site, whose pages may have the capture page in a frame: that of the `site` in
 *   the address, as a policy that named them all would tell everybody who is connected
 */
export function pages(directory: string, openerOf: (site: string) => Promise<string>): Middleware {
  const names = existsSync(directory)
    ? readdirSync(directory).filter((name) => existsSync(path.join(directory, name, 'index.html')))
    : [];

  return async (ctx, next) => {
    const read = ctx.method === 'GET' || ctx.method === 'HEAD';
    const name = names.find((each) => ctx.path === `/${each}` || ctx.path === `/${each}/`);
    if (read && ASSET.test(ctx.path) && existsSync(path.join(directory, ctx.path))) await asset(ctx);
    else if (!read || name === undefined) await next();
    else if (ctx.path.endsWith('/')) await page(ctx, name);
    else {
      // The browser carries the fragment, where the launch is, over to the new address.
      ctx.status = 308;
      ctx.redirect(`/${name}/${ctx.search}`);
    }
  };

  /** A site that is not connected, and a core that is away, let nobody frame. */
  function framers({ query: { site } }: Context): Promise<string> {
    const nobody = "'none'";
    return typeof site === 'string' ? openerOf(site).catch(() => nobody) : Promise.resolve(nobody);
  }

  async function asset(ctx: Context): Promise<void> {
    await send(ctx, ctx.path, { root: directory, maxAge: YEAR_MS, immutable: true });
    if (ctx.fresh) ctx.status = 304;
  }

  async function page(ctx: Context, name: string): Promise<void> {
    const captures = name === CAPTURE;
    ctx.set('Content-Security-Policy', policy(captures ? await framers(ctx) : "'none'"));
    ctx.set(
      'Permissions-Policy',
      `camera=(${captures ? 'self' : ''}), microphone=(), geolocation=(), display-capture=()`,
    );
    if (captures) {
      // Who may frame it, the policy says; and the window must keep its opener, the LMS.
      ctx.remove('X-Frame-Options');
      ctx.set('Cross-Origin-Opener-Policy', 'unsafe-none');
    }
    await send(ctx, `${name}/index.html`, { root: directory });
    ctx.set('Cache-Control', 'no-store');
    ctx.remove('Last-Modified');
  }
}
