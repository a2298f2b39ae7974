import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onnx } from 'onnx-proto';
import { buildAll, buildModel } from '../../scripts/models/build.js';
import type { Pack, Source } from '../../scripts/models/fetch.js';
import {
  entriesOf,
  loadManifest,
  modelPath,
  readModel,
  type Manifest,
  type ModelEntry,
} from '../../src/biometrics/engine/manifest.js';

const MODELS = join(__dirname, '../../models');
const manifest = loadManifest(MODELS);
const eyes = entriesOf(manifest, 'face.eyes')[0] as ModelEntry;
const unreachable: Pack = () => Promise.reject(new Error('no network in this test'));

describe('building models', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'probity-build-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  test('every model of the manifest is built and is the pinned one', async () => {
    for (const entry of manifest.models) {
      expect(
        createHash('sha256')
          .update(await readModel(MODELS, entry))
          .digest('hex'),
      ).toBe(entry.sha256);
    }
  });

  test('what is built already is neither fetched nor written again', async () => {
    const before = await Promise.all(manifest.models.map((each) => stat(modelPath(MODELS, each))));
    const lines: string[] = [];
    await buildAll(MODELS, manifest, { pack: unreachable, log: (line) => lines.push(line) });
    const after = await Promise.all(manifest.models.map((each) => stat(modelPath(MODELS, each))));
    expect(after.map((each) => each.mtimeMs)).toEqual(before.map((each) => each.mtimeMs));
    expect(lines).toEqual(manifest.models.map((each) => `${each.id}: up to date`));
  });

  test('a result that is not the pinned one is refused by name, and no file is left', async () => {
    const cache = join(MODELS, 'build/.cache');
    const source = eyes.source as Source;
    const tarball = `${source.package}-${source.version}.tgz`;
    if (!existsSync(join(cache, tarball))) {
      console.log(`skipped: ${tarball} is not in models/build/.cache`);
      return;
    }
    const pack: Pack = async (_spec, folder) => {
      await writeFile(join(folder, tarball), await readFile(join(cache, tarball)));
      return tarball;
    };
    const wrong: Manifest = { models: [{ ...eyes, sha256: '0'.repeat(64) }] };
    await expect(buildAll(dir, wrong, { pack, log: () => undefined })).rejects.toThrow(
      `Model ${eyes.id} came out with sha256 ${eyes.sha256}, the manifest pins ${'0'.repeat(64)}`,
    );
    expect((await readdir(join(dir, 'build'))).filter((name) => name !== '.cache')).toEqual([]);

    await buildAll(dir, { models: [eyes] }, { pack: unreachable, log: () => undefined });
    expect(await readModel(dir, eyes)).toEqual(await readModel(MODELS, eyes));
  });

  test('a committed model is taken from beside the manifest, and only with the pinned bytes', async () => {
    const committed = manifest.models.find(({ source }) => 'committed' in source) as ModelEntry;
    const { committed: file } = committed.source as { committed: string };
    const bytes = await readFile(join(MODELS, file));
    await writeFile(join(dir, file), bytes);
    await buildAll(dir, { models: [committed] }, { pack: unreachable, log: () => undefined });
    expect((await readModel(dir, committed)).equals(bytes)).toBe(true);

    await rm(join(dir, 'build'), { recursive: true });
    bytes[1000] = (bytes[1000] as number) ^ 1;
    await writeFile(join(dir, file), bytes);
    await expect(
      buildAll(dir, { models: [committed] }, { pack: unreachable, log: () => undefined }),
    ).rejects.toThrow(`File ${file} of ${committed.id} has sha256`);
  });

  test('a built model that was tampered with is not loaded', async () => {
    const bytes = await readModel(MODELS, eyes);
    bytes[1000] = (bytes[1000] as number) ^ 1;
    await mkdir(join(dir, 'build'));
    await writeFile(modelPath(dir, eyes), bytes);
    await expect(readModel(dir, eyes)).rejects.toThrow(
      /Model face-eyes-24\/1 has sha256 .* run `npm run models`/,
    );
  });

  test('a model that is not there says how to get it', async () => {
    await expect(readModel(dir, eyes)).rejects.toThrow(
      /Model face-eyes-24\/1 is not built .*: run `npm run models`/,
    );
  });
});

describe('repairs', () => {
  const { FLOAT } = onnx.TensorProto.DataType;
  const floats = (values: number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);
  const source = (initializer: onnx.ITensorProto[], node: onnx.INodeProto[] = []): Buffer =>
    Buffer.from(onnx.ModelProto.encode({ graph: { initializer, node } }).finish());
  const entry = (transform: ModelEntry['transform']): ModelEntry => ({ ...eyes, transform });
  const graphOf = (bytes: Buffer): onnx.IGraphProto =>
    onnx.ModelProto.decode(bytes).graph as onnx.IGraphProto;

  test('weights below 1e-20 become zero, the others keep every bit, integers are not touched', () => {
    const integers = Buffer.from(BigInt64Array.from([1n, -1n]).buffer);
    const built = graphOf(
      buildModel(entry(['flush-denormals']), [
        source([
          { name: 'w', dataType: FLOAT, dims: [5], rawData: floats([1e-40, -9e-21, 2e-20, 0.1, -3]) },
          { name: 'v', dataType: FLOAT, dims: [2], floatData: [1e-30, 0.5] },
          { name: 'shape', dataType: onnx.TensorProto.DataType.INT64, dims: [2], rawData: integers },
        ]),
      ]),
    );
    const [w, v, shape] = built.initializer as onnx.ITensorProto[];
    expect(Buffer.from(w?.rawData as Uint8Array)).toEqual(floats([0, 0, 2e-20, 0.1, -3]));
    expect(v?.floatData).toEqual([0, 0.5]);
    expect(Buffer.from(shape?.rawData as Uint8Array)).toEqual(integers);
  });

  test('a PRelu whose slope is no constant is refused', () => {
    const node = [{ opType: 'PRelu', name: 'p', input: ['x', 'a'], output: ['y'] }];
    expect(() => buildModel(entry(['rewrite-prelu']), [source([], node)])).toThrow(
      'PRelu p has no float slope',
    );
  });

  test('PRelus that share a slope share its complement', () => {
    const prelu = (x: string, y: string): onnx.INodeProto => ({
      opType: 'PRelu',
      input: [x, 'a'],
      output: [y],
    });
    const built = graphOf(
      buildModel(entry(['rewrite-prelu']), [
        source(
          [{ name: 'a', dataType: FLOAT, dims: [1], rawData: floats([0.25]) }],
          [prelu('x', 'y'), prelu('y', 'z')],
        ),
      ]),
    );
    expect(built.node?.map((each) => each.opType)).toEqual([
      'Relu',
      'Mul',
      'Mul',
      'Add',
      'Relu',
      'Mul',
      'Mul',
      'Add',
    ]);
    expect(built.initializer?.map((each) => each.name)).toEqual(['a', 'a/complement']);
    expect(Buffer.from(built.initializer?.[1]?.rawData as Uint8Array)).toEqual(floats([0.75]));
  });
});

describe('the manifest', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'probity-manifest-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  type Loose = { models: Record<string, unknown>[] };
  async function loadChanged(change: (manifest: Loose) => void): Promise<Manifest> {
    const copy = structuredClone(manifest) as unknown as Loose;
    change(copy);
    await writeFile(join(dir, 'manifest.json'), JSON.stringify(copy));
    return loadManifest(dir);
  }

  test('has every role, and a default recogniser of 512 dimensions', () => {
    expect(new Set(manifest.models.map((each) => each.role))).toEqual(
      new Set([
        'face.detect',
        'face.detect.small',
        'face.landmarks',
        'face.recognise',
        'face.liveness',
        'face.pose',
        'face.eyes',
        'voice.vad',
        'voice.embed',
      ]),
    );
    expect(entriesOf(manifest, 'face.recognise')[0]?.dimensions).toBe(512);
  });

  test('names all its problems at once', async () => {
    const loading = loadChanged(({ models }) => {
      models[0] = { ...models[0], sha256: 'short' };
      models[1] = { ...models[1], surprise: true };
    });
    await expect(loading).rejects.toThrow(/(?=[\s\S]*models\[0\]\.sha256)(?=[\s\S]*surprise)/);
  });

  test('refuses two models of one id', async () => {
    await expect(
      loadChanged(({ models }) => models.push(models[0] as Record<string, unknown>)),
    ).rejects.toThrow(/appears twice/);
  });

  test('refuses a review threshold above the match threshold', async () => {
    const loading = loadChanged(({ models }) => {
      const recogniser = models.find((each) => each['role'] === 'face.recognise') as {
        decision: { rules: { match: number; review: number }[] };
      };
      const [rule] = recogniser.decision.rules;
      if (rule) rule.review = rule.match + 0.01;
    });
    await expect(loading).rejects.toThrow(/review must not lie above match/);
  });
});
