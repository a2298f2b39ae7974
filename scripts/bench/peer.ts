import { createRequire } from 'node:module';
import { join } from 'node:path';
import sharp from 'sharp';
import { answer } from './child.js';
import { stopwatch, type Spent } from './clocks.js';
import { ROOT } from './paths.js';

/** Packages of the peers, which are installed apart from the product's. */
export const peerRequire = createRequire(join(ROOT, 'bench/package.json'));

export function peerFolder(name: string): string {
  return join(ROOT, 'bench/node_modules', name);
}

/** What both peers need of TensorFlow.js. */
export interface Tensorflow {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  getBackend(): string;
  tensor3d(values: Uint8Array, shape: [number, number, number], type: 'int32'): Tensor;
  dispose(tensor: Tensor): void;
}
export interface Tensor {
  readonly shape: number[];
}

/** TensorFlow.js on its wasm backend, which has one thread in Node, as each of our workers has. */
export async function tensorflow(): Promise<Tensorflow> {
  const wasm = peerRequire('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(path: string): void };
  const tf = peerRequire('@tensorflow/tfjs') as Tensorflow;
  wasm.setWasmPaths(`${join(peerFolder('@tensorflow/tfjs-backend-wasm'), 'dist')}/`);
  await tf.setBackend('wasm');
  await tf.ready();
  if (tf.getBackend() !== 'wasm') throw new Error(`The backend is ${tf.getBackend()}`);
  return tf;
}

/** The wasm backend decodes no pictures; the peers get the decoder that we have. */
export async function tensorOf(tf: Tensorflow, image: Uint8Array): Promise<Tensor> {
  const { data, info } = await sharp(image).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return tf.tensor3d(data, [info.height, info.width, 3], 'int32');
}

/** A peer: the descriptor of the face in a picture, and how like two of them are by its own measure. */
export interface Peer<Descriptor> {
  describe(image: Uint8Array): Promise<Descriptor>;
  compare(probe: Descriptor, reference: Descriptor): number;
}

/** Answers the benchmark for a peer. */
export function measurePeer<Descriptor>(load: () => Promise<Peer<Descriptor>>): void {
  sharp.concurrency(1);
  sharp.cache(false);
  let peer: Peer<Descriptor> | undefined;
  let reference: Descriptor | undefined;
  const questions = {
    async start(image: Uint8Array): Promise<void> {
      peer = await load();
      reference = await peer.describe(image);
    },
    async descriptor(image: Uint8Array): Promise<Spent & { score: number }> {
      if (!peer || reference === undefined) throw new Error('Not started');
      const read = stopwatch();
      const score = peer.compare(await peer.describe(image), reference);
      return { ...read(), score };
    },
  };
  answer(questions, () => Promise.resolve());
}

export interface PeerQuestions {
  start: (image: Uint8Array) => Promise<void>;
  descriptor: (image: Uint8Array) => Promise<Spent & { score: number }>;
  [name: string]: (image: Uint8Array) => unknown;
}
