/**
 * Runs models side by side in a process of its own (ONNX Runtime refuses tensors that come from jest's realm) and
 * prints `{ difference, magnitude }`: the largest absolute difference of any output element, and the largest element.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

type Outputs = Map<string, ArrayLike<number>>;

const FACE_API = dirname(require.resolve('@vladmandic/face-api/package.json'));

async function run(path: string, shape: number[], values: Float32Array): Promise<Outputs> {
  const session = await ort.InferenceSession.create(path, { intraOpNumThreads: 1 });
  const results = await session.run({ input: new ort.Tensor('float32', values, shape) });
  return new Map(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
}

function compare(expected: Outputs, actual: Outputs): { difference: number; magnitude: number } {
  let difference = 0;
  let magnitude = 0;
  if (expected.size !== actual.size) difference = Infinity;
  for (const [name, wanted] of expected) {
    const got = actual.get(name);
    if (got?.length !== wanted.length) difference = Infinity;
    for (let index = 0; index < wanted.length; index += 1) {
      const value = wanted[index] as number;
      // NaN must not slip through a maximum.
      const gap = Math.abs(value - (got?.[index] ?? NaN));
      difference = Math.max(difference, Number.isNaN(gap) ? Infinity : gap);
      magnitude = Math.max(magnitude, Math.abs(value));
    }
  }
  return { difference, magnitude };
}

/** Uniform in 0..1 from a fixed seed (mulberry32). */
function noise(length: number): Float32Array {
  let state = 0x9e3779b9;
  return Float32Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  });
}

/** A sample photograph as RGB bytes, HWC. */
async function photograph(side: number): Promise<Uint8Array> {
  return sharp(join(FACE_API, 'demo/sample1.jpg'))
    .resize(side, side, { fit: 'cover' })
    .removeAlpha()
    .raw()
    .toBuffer();
}

function toNchw(pixels: Float32Array, side: number): Float32Array {
  return Float32Array.from({ length: pixels.length }, (_, index) => {
    const channel = Math.floor(index / (side * side));
    return pixels[(index % (side * side)) * 3 + channel] as number;
  });
}

async function useTfjs(): Promise<void> {
  setWasmPaths(`${join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist')}/`);
  await tf.setBackend('wasm');
  await tf.ready();
}

/** A repaired model against its source, on noise. */
async function repaired(source: string, built: string, shape: number[], scale: number): Promise<void> {
  const values = noise(shape.reduce((product, size) => product * size, 1)).map((value) => value * scale);
  report(compare(await run(source, shape, values), await run(built, shape, values)));
}

/** The converted BlazeFace against TensorFlow.js (wasm), on a photograph. */
async function blazeface(json: string, weights: string, built: string): Promise<void> {
  await useTfjs();
  const side = 256;
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(json, 'utf8')) as {
    modelTopology: object;
    weightsManifest: [{ weights: tf.io.WeightsManifestEntry[] }];
  };
  const bytes = readFileSync(weights);
  const model = await tf.loadGraphModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightsManifest[0].weights,
      weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    }),
  );
  const pixels = Float32Array.from(await photograph(side), (value) => value / 127.5 - 1);
  const names = ['Identity', 'Identity_1', 'Identity_2', 'Identity_3'];
  const outputs = model.execute(tf.tensor(pixels, [1, side, side, 3]), names) as tf.Tensor[];
  const expected = new Map(names.map((name, index) => [name, outputs[index]?.dataSync() ?? []]));
  report(compare(expected, await run(built, [1, 3, side, side], toNchw(pixels, side))));
}

/** The rebuilt dlib net against face-api.js itself (TensorFlow.js, wasm), on a photograph. */
async function dlib(built: string): Promise<void> {
  await useTfjs();
  const side = 150;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded after the backend is chosen
  const faceapi = require('@vladmandic/face-api/dist/face-api.node-wasm.js') as {
    nets: {
      faceRecognitionNet: {
        loadFromDisk(folder: string): Promise<void>;
        computeFaceDescriptor(face: tf.Tensor3D): Promise<Float32Array>;
      };
    };
  };
  const net = faceapi.nets.faceRecognitionNet;
  await net.loadFromDisk(join(FACE_API, 'model'));
  const pixels = await photograph(side);
  const descriptor = await net.computeFaceDescriptor(tf.tensor3d(pixels, [side, side, 3]));
  const means = [122.782, 117.001, 104.298];
  const values = Float32Array.from(pixels, (value, index) => (value - (means[index % 3] as number)) / 255);
  const actual = await run(built, [1, 3, side, side], toNchw(values, side));
  report(compare(new Map([['descriptor', descriptor]]), actual));
}

function report(result: { difference: number; magnitude: number }): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

const [mode = '', ...rest] = process.argv.slice(2);
const [first = '', second = '', third = '', fourth = ''] = rest;
const task =
  mode === 'repaired'
    ? repaired(first, second, JSON.parse(third) as number[], Number(fourth))
    : mode === 'blazeface'
      ? blazeface(first, second, third)
      : dlib(first);
task.catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
