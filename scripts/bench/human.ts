import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { measurePeer, peerFolder, peerRequire, tensorflow, tensorOf, type Tensor } from './peer.js';

/** `@vladmandic/human` with its defaults for one face, and everything that is not asked of us switched off. */

/** The part of the package that is used; it publishes its types apart. */
interface Human {
  load(): Promise<void>;
  detect(tensor: Tensor): Promise<{ error?: string | null; face: { embedding?: number[] }[] }>;
  match: { similarity(a: number[], b: number[]): number };
}
type HumanClass = new (config: object) => Human;

const OFF = { enabled: false };

measurePeer(async () => {
  const tf = await tensorflow();
  const folder = peerFolder('@vladmandic/human');
  const models = await serve(join(folder, 'models'));
  const { Human } = peerRequire(join(folder, 'dist/human.node-wasm.js')) as { Human: HumanClass };
  const human = new Human({
    backend: 'wasm',
    wasmPath: `${join(peerFolder('@tensorflow/tfjs-backend-wasm'), 'dist')}/`,
    modelBasePath: models.address,
    // Every picture is taken for the first.
    cacheSensitivity: 0,
    async: false,
    face: {
      enabled: true,
      detector: { maxDetected: 1 },
      mesh: { enabled: true },
      description: { enabled: true },
      attention: OFF,
      iris: OFF,
      emotion: OFF,
      antispoof: OFF,
      liveness: OFF,
    },
    filter: OFF,
    body: OFF,
    hand: OFF,
    object: OFF,
    gesture: OFF,
    segmentation: OFF,
  });
  await human.load();
  models.close();
  return {
    async describe(image) {
      const tensor = await tensorOf(tf, image);
      const { error, face } = await human.detect(tensor);
      tf.dispose(tensor);
      const embedding = face[0]?.embedding;
      if (!embedding) throw new Error(`human found no face${error ? `: ${error}` : ''}`);
      return embedding;
    },
    compare: (probe, reference) => human.match.similarity(probe, reference),
  };
});

/** Its wasm build loads models over HTTP only. */
async function serve(folder: string): Promise<{ address: string; close(): void }> {
  const server = createServer((request, response) => {
    readFile(join(folder, basename(new URL(request.url ?? '/', 'http://localhost').pathname))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => void server.close(),
  };
}
