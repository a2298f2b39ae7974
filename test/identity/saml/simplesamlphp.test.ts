import { createOutbound } from '../../../src/outbound/index.js';
import { databases } from '../../support/databases.js';
import { startSimpleSamlPhp, USER, type SimpleSamlPhp } from '../../support/simplesamlphp.js';
import { createWorld, SETTINGS, type World } from './world.js';

/*
 * The whole way with an identity provider that nobody here wrote: Debian's SimpleSAMLphp, whose XML is libxml's. It
 * sees our requests' signatures verified, and so do we see its.
 */

/** A browser of two sites: what it holds of each, and where it is sent on. */
class Visitor {
  private readonly held = new Map<string, Map<string, string>>();

  /** @param ours where the site of our public address listens */
  constructor(private readonly ours: string) {}

  /** Goes somewhere, and on wherever it is sent within the sites that exist. */
  async go(address: string, form?: Record<string, string>): Promise<{ url: string; page: string }> {
    const url = new URL(address);
    const at = url.host === 'probity.example' ? new URL(url.pathname + url.search, this.ours) : url;
    const cookies = this.held.get(url.host) ?? new Map<string, string>();
    this.held.set(url.host, cookies);
    const answer = await fetch(at, {
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      redirect: 'manual',
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    const page = await answer.text();
    if (answer.status < 300 || answer.status >= 400 || !location) {
      expect([address, answer.status, page.slice(0, 500)]).toEqual([address, 200, page.slice(0, 500)]);
      return { url: address, page };
    }
    const next = new URL(location, url).href;
    // Pages of ours are not served here: that the browser is sent there is the end of the way.
    return /\/(review|sign-in)\//.test(next) ? { url: next, page } : this.go(next);
  }

  cookie(host: string, name: string): string {
    return this.held.get(host)?.get(name) ?? '';
  }
}

/** The form of a page, with the values of its hidden fields. */
function formOf(page: string): { action: string; fields: Record<string, string> } {
  const text = (html: string): string =>
    html
      .replace(/&quot;/g, '"')
      .replace(/&#0?39;/g, "'")
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&');
  const inputs = [...page.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
    text(/name="([^"]*)"/.exec(input)?.[1] ?? ''),
    text(/value="([^"]*)"/.exec(input)?.[1] ?? ''),
  ]);
  return {
    action: text(/<form[^>]*action="([^"]*)"/.exec(page)?.[1] ?? ''),
    fields: Object.fromEntries(inputs) as Record<string, string>,
  };
}

describe('with SimpleSAMLphp', () => {
  let idp: SimpleSamlPhp;
  let world: World;
  let at: string;

  beforeAll(async () => {
    idp = await startSimpleSamlPhp();
    const outbound = createOutbound({ enabled: true, allow: ['127.0.0.1'] });
    world = await createWorld(await databases[0]!.open(), { outbound });
    const made = await world.admins('POST', '/identity-providers', {
      ...SETTINGS,
      metadataUrl: idp.metadataUrl,
    });
    expect([made.status, made.body]).toMatchObject([201, { entityId: idp.metadataUrl, singleLogout: true }]);
    const { serviceProvider: metadata } = made.body as { serviceProvider: string };
    at = metadata.replace(/\/metadata$/, '');
    const ours = await world.facade.send('GET', new URL(metadata).pathname);
    const certificate = /<ds:X509Certificate>([^<]+)</.exec(ours.text)![1]!;
    await idp.register({ metadata, acs: `${at}/acs`, slo: `${at}/slo`, certificate });
  });
  afterAll(async () => {
    await world.close();
    await idp.stop();
  });

  async function signedIn(): Promise<Visitor> {
    const visitor = new Visitor(world.facade.url);
    const asked = await visitor.go(`${at}/login?return=/review/`);
    expect(asked.url).toContain(`${idp.url}/module.php/core/loginuserpass.php`);
    const { fields } = formOf(asked.page);
    const answered = await visitor.go(asked.url, { ...fields, username: USER.name, password: USER.password });
    const response = formOf(answered.page);
    expect(response.action).toBe(`${at}/acs`);
    const { url } = await visitor.go(response.action, response.fields);
    expect(url).toBe('https://probity.example/review/');
    return visitor;
  }
  const session = async (visitor: Visitor, method: string, path = '') => {
    const cookie = `__Host-probity=${visitor.cookie('probity.example', '__Host-probity')}`;
    const headers = { cookie, origin: world.facade.url };
    return world.facade.send(method, `/probity/v1/browser-session${path}`, { headers });
  };

  it('somebody signs in with the password of the university', async () => {
    const visitor = await signedIn();
    const { body } = await session(visitor, 'POST', '/refresh');
    expect(body).toMatchObject({ user: { email: USER.email, role: 'STUDENT', givenName: 'Ada' } });
  });

  it('and signs out here, and thereby there', async () => {
    const visitor = await signedIn();
    const { body } = await session(visitor, 'DELETE');
    const { url } = await visitor.go((body as { logoutUrl: string }).logoutUrl);
    expect(url).toBe('https://probity.example/sign-in/?signed-out');
    // There, the password is asked for again.
    expect((await visitor.go(`${at}/login?return=/review/`)).url).toContain('loginuserpass');
  });

  it('or signs out there, and thereby here', async () => {
    const visitor = await signedIn();
    const back = `${idp.url}/saml2/idp/metadata.php`;
    const { url } = await visitor.go(
      `${idp.url}/saml2/idp/SingleLogoutService.php?ReturnTo=${encodeURIComponent(back)}`,
    );
    expect(url).toBe(back);
    expect((await session(visitor, 'POST', '/refresh')).status).toBe(401);
  });
});
