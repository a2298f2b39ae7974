import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  entriesOf,
  loadManifest,
  modelPath,
  type PictureEntry,
} from '../../src/biometrics/engine/manifest.js';
import { readSources, tarballPath, type Source } from '../../scripts/models/fetch.js';

const MODELS = join(__dirname, '../../models');
const manifest = loadManifest(MODELS);
const repairedEntries = manifest.models.filter((each): each is PictureEntry =>
  each.transform.includes('flush-denormals'),
);
const [blazeface] = entriesOf(manifest, 'face.detect.small');
const dlib = entriesOf(manifest, 'face.recognise').find((each) => each.recipe === 'dlib-150');

const sourceOf = (entry: PictureEntry): Source => entry.source as Source;
const tarballOf = (entry: PictureEntry): string => tarballPath(sourceOf(entry), join(MODELS, 'build/.cache'));

/** The sources are only on a machine that has built the models itself; a test goes to no network for them. */
function testWithSources(entry: PictureEntry): typeof test {
  if (existsSync(tarballOf(entry))) return test;
  console.log(`skipped: ${entry.id}, its source package is not in models/build/.cache`);
  return test.skip;
}

describe('built models compute what their sources compute', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probity-models-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function sourcePaths(entry: PictureEntry): Promise<string[]> {
    const bytes = await readSources(sourceOf(entry), tarballOf(entry));
    return Promise.all(
      bytes.map(async (each, index) => {
        const path = join(folder, `${entry.file}.source${index}`);
        await writeFile(path, each);
        return path;
      }),
    );
  }

  async function compare(...args: string[]): Promise<{ difference: number; magnitude: number }> {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      join(__dirname, 'numeric-child.ts'),
      ...args,
    ]);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { difference: number; magnitude: number };
  }

  for (const entry of repairedEntries) {
    testWithSources(entry)(
      `${entry.id}: flushing weights and rewriting PRelu change at most 1e-6`,
      async () => {
        const [source] = await sourcePaths(entry);
        // A net that takes plain pixel values is tried on them.
        const scale = entry.input.std[0] === 1 ? '255' : '1';
        const result = await compare(
          'repaired',
          source as string,
          modelPath(MODELS, entry),
          JSON.stringify(entry.input.shape),
          scale,
        );
        expect(result.magnitude).toBeGreaterThan(0.01);
        expect(result.difference).toBeLessThan(1e-6);
      },
    );
  }

  if (!blazeface || !dlib) throw new Error('The manifest has no BlazeFace or no dlib');

  testWithSources(blazeface)('BlazeFace gives the outputs of TensorFlow.js on a photograph', async () => {
    const [json, weights] = await sourcePaths(blazeface);
    const result = await compare(
      'blazeface',
      json as string,
      weights as string,
      modelPath(MODELS, blazeface),
    );
    expect(result.magnitude).toBeGreaterThan(10);
    expect(result.difference).toBeLessThan(1e-5 * result.magnitude);
  });

  test('dlib gives the descriptor of face-api.js on a photograph', async () => {
    const result = await compare('dlib', modelPath(MODELS, dlib));
    expect(result.magnitude).toBeGreaterThan(0.1);
    expect(result.difference).toBeLessThan(1e-5);
  });
});
