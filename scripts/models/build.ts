import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onnx } from 'onnx-proto';
import {
  loadManifest,
  modelPath,
  readModel,
  type Manifest,
  type ModelEntry,
} from '../../src/biometrics/engine/manifest.js';
import { convertDlib } from './dlib.js';
import { fetchTarball, readSources, type Pack } from './fetch.js';
import { flushDenormals, rewritePrelu } from './repair.js';
import { convertGraphModel } from './tfjs.js';

/** The built model of an entry, from the bytes of its source files. Pure: the same bytes in, the same bytes out. */
export function buildModel(entry: ModelEntry, sources: Buffer[]): Buffer {
  const [first, ...shards] = sources;
  if (!first) throw new Error(`Model ${entry.id} names no source file`);
  let model: onnx.IModelProto | undefined;
  for (const step of entry.transform) {
    if (step === 'tfjs-graph-to-onnx') model = convertGraphModel(first, Buffer.concat(shards));
    else if (step === 'faceapi-dlib-to-onnx') model = convertDlib(first, Buffer.concat(shards));
    else {
      model ??= onnx.ModelProto.decode(first);
      if (step === 'flush-denormals') flushDenormals(model);
      else rewritePrelu(model);
    }
  }
  return model ? Buffer.from(onnx.ModelProto.encode(model).finish()) : first;
}

/**
 * Builds every model whose file is missing or is not the pinned one; touches neither network nor disk for the others.
 *
 * @param dir the repository's `models/`
 * @throws Error naming the model or the package that failed
 */
export async function buildAll(
  dir: string,
  manifest: Manifest,
  { pack, log = console.log }: { pack?: Pack; log?: (line: string) => void } = {},
): Promise<void> {
  await mkdir(join(dir, 'build'), { recursive: true });
  for (const entry of manifest.models) {
    const built = await readModel(dir, entry).catch(() => undefined);
    if (built) {
      log(`${entry.id}: up to date`);
      continue;
    }
    const bytes = buildModel(entry, await sourcesOf(dir, entry, pack));
    const digest = sha256(bytes);
    if (digest !== entry.sha256) {
      throw new Error(`Model ${entry.id} came out with sha256 ${digest}, the manifest pins ${entry.sha256}`);
    }
    await writeAtomically(modelPath(dir, entry), bytes);
    log(`${entry.id}: built, ${(bytes.length / 2 ** 20).toFixed(1)} MiB`);
  }
}

async function sourcesOf(dir: string, { id, source }: ModelEntry, pack: Pack | undefined): Promise<Buffer[]> {
  if ('package' in source) {
    return readSources(source, await fetchTarball(source, join(dir, 'build', '.cache'), { pack }));
  }
  const bytes = await readFile(join(dir, source.committed));
  const digest = sha256(bytes);
  if (digest !== source.sha256) {
    throw new Error(
      `File ${source.committed} of ${id} has sha256 ${digest}, the manifest pins ${source.sha256}`,
    );
  }
  return [bytes];
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function writeAtomically(path: string, bytes: Buffer): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  try {
    await writeFile(part, bytes);
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

if (require.main === module) {
  const dir = join(__dirname, '../../models');
  buildAll(dir, loadManifest(dir)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
