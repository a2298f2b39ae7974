import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { families, startFacade, type Facade } from './support/facade.js';

/** What a validator says against a document; empty when it is valid. */
function problemsOf(document: string): string {
  const validator = path.join(__dirname, 'support', 'validate_openapi.mjs');
  const { status, stderr } = spawnSync(process.execPath, [validator], { input: document, encoding: 'utf8' });
  return status === 0 ? '' : stderr;
}

describe('the OpenAPI documents', () => {
  let facade: Facade;
  beforeAll(async () => {
    facade = await startFacade();
  });
  afterAll(() => facade.close());

  it.each(families().map((family) => [family.name, family] as const))(
    '%s is valid OpenAPI 3.1 and has every row of its table',
    async (name, family) => {
      const { status, text, body } = await facade.send('GET', `/${name}/openapi.json`);
      expect(status).toBe(200);
      expect(problemsOf(text)).toBe('');
      expect(problemsOf(text.replace('"responses"', '"respones"'))).toContain('unevaluated');

      const { openapi, paths } = body as {
        openapi: string;
        paths: Record<string, Record<string, { operationId: string; responses: object }>>;
      };
      expect(openapi).toBe('3.1.0');
      const documented = Object.values(paths).flatMap((path) => Object.values(path));
      expect(documented.map((row) => row.operationId)).toEqual(
        expect.arrayContaining(family.operations.map((row) => row.id)),
      );
      expect(documented).toHaveLength(family.operations.length);
    },
  );

  it('refers only to schemas that it defines', async () => {
    for (const { name } of families()) {
      const { text, body } = await facade.send('GET', `/${name}/openapi.json`);
      const defined = Object.keys((body as { components: { schemas: object } }).components.schemas);
      const used = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map((match) => match[1]);
      expect(used.length).toBeGreaterThan(0);
      expect(defined).toEqual(expect.arrayContaining(used));
    }
  });

  it('serves a page to read them, without anything from elsewhere', async () => {
    const page = await facade.send('GET', '/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(page.text).not.toMatch(/https?:\/\//);
    expect(page.text).not.toMatch(/<script>|<style>| style=| on\w+=/);
    for (const [, address] of page.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const asset = await facade.send('GET', address!);
      expect([address, asset.status]).toEqual([address, 200]);
    }
    const script = await facade.send('GET', '/docs/page.js');
    for (const { name } of families()) expect(script.text).toContain(`/${name}/openapi.json`);
  });
});
