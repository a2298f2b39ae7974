import { appendFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import path from 'node:path';
import { loadManifest } from '../../src/biometrics/index.js';
import { describeWithModels, MODELS_DIR } from '../support/faces.js';
import { dataDirectory, runService, startService } from './service.js';

/* What an operator reads when it cannot start: what is wrong, and status 1. */

describeWithModels('a service that cannot start', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await dataDirectory();
  });

  it('says every problem of its configuration at once', async () => {
    const { code, output } = await runService({
      PROBITY_DATA_DIR: dataDir,
      PROBITY_HTTP_PORT: '99999',
      PROBITY_ROLES: 'grpc,kitchen',
      PROBITY_LOG_LEVEL: 'loud',
      PROBITY_PUBLIC_URL: 'not a url',
    });
    expect(code).toBe(1);
    for (const name of ['HTTP_PORT', 'ROLES', 'LOG_LEVEL', 'PUBLIC_URL']) {
      expect(output).toContain(`PROBITY_${name}: `);
    }
    expect(output).not.toContain('    at '); // No stack: it is the operator's mistake, not ours.
  });

  it('names a model that is not in the manifest', async () => {
    const { code, output } = await runService({
      PROBITY_DATA_DIR: dataDir,
      PROBITY_FACE_MODEL: 'face-nobody/1',
    });
    expect(code).toBe(1);
    expect(output).toContain('face-nobody/1');
  });

  it.each([
    ['is missing', (file: string) => rm(file)],
    ['is not the one that was built', (file: string) => appendFile(file, 'x')],
    ['is no model', (file: string) => writeFile(file, randomBytes(1000))],
  ])('names a model whose file %s', async (_, spoil) => {
    const modelsDir = path.join(dataDir, 'models');
    await mkdir(modelsDir);
    await cp(MODELS_DIR, modelsDir, { recursive: true });
    const entry = loadManifest(MODELS_DIR).models.find(({ role }) => role === 'face.pose')!;
    await spoil(path.join(modelsDir, 'build', path.basename(entry.file)));
    const { code, output } = await runService({ PROBITY_DATA_DIR: dataDir, PROBITY_MODELS_DIR: modelsDir });
    expect(code).toBe(1);
    expect(output).toContain(`Model ${entry.id} is unavailable`);
  });

  it('says when the master key is not the one of its database', async () => {
    const settings = { PROBITY_DATA_DIR: dataDir };
    const service = await startService(settings);
    service.signal('SIGTERM');
    expect((await service.ended).code).toBe(0);
    const file = path.join(dataDir, 'master.key');

    await writeFile(file, randomBytes(32));
    const other = await runService(settings);
    expect(other.code).toBe(1);
    expect(other.output).toMatch(/The master key \(file:\w+\) is not the one this database was written with/);

    await rm(file);
    const none = await runService(settings);
    expect(none.code).toBe(1);
    expect(none.output).toContain(`The database is encrypted and ${file} is missing`);
  });

  it('says when a port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const { code, output } = await runService({ PROBITY_DATA_DIR: dataDir, PROBITY_HTTP_PORT: String(port) });
    taken.close();
    expect(code).toBe(1);
    expect(output).toMatch(/EADDRINUSE/);
  });

  it('says when the database cannot be reached', async () => {
    const { code, output } = await runService({
      PROBITY_DATA_DIR: dataDir,
      PROBITY_DATABASE_URL: 'mysql://root:secret-of-the-database@127.0.0.1:1/probity',
    });
    expect(code).toBe(1);
    expect(output).toContain('The database does not answer.');
    expect(output).not.toContain('secret-of-the-database');
  });
});
