import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pino from 'pino';
import {
  createEngine,
  loadManifest,
  type Engine,
  type EngineOptions,
} from '../../src/biometrics/engine/index.js';
import type { FaceParts } from '../../src/biometrics/face/index.js';

export const MODELS_DIR = join(__dirname, '../../models');

/** `describe` for suites that run the models; skipped, loudly, where they have not been built. */
export function describeWithModels(name: string, suite: () => void): void {
  if (existsSync(join(MODELS_DIR, 'build'))) describe(name, suite);
  else {
    console.warn(`skipped: ${name}: models/build is absent; run \`npm run models\``);
    describe.skip(name, suite);
  }
}

export function testEngine(options: Partial<EngineOptions> = {}): Engine {
  return createEngine({
    modelsDir: MODELS_DIR,
    manifest: loadManifest(MODELS_DIR),
    workers: 1,
    queueLimit: 16,
    log: pino({ level: 'silent' }),
    ...options,
  });
}

export const NOTHING: FaceParts = {
  embedding: false,
  pose: false,
  eyes: false,
  quality: false,
  liveness: false,
};
export const EVERYTHING: FaceParts = {
  embedding: true,
  pose: true,
  eyes: true,
  quality: true,
  liveness: true,
};

/** Public-domain portraits: three of one person, taken on different occasions, and one of another. */
export const PORTRAITS = {
  obama1: portrait('obama/1.jpg'),
  obama2: portrait('obama/2.jpg'),
  obama3: portrait('obama/3.jpg'),
  biden: portrait('biden/1.jpg'),
};

/** Group pictures that the `@vladmandic/face-api` package ships, 1920 px wide; people by where their face is. */
const DEMO = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');
export function groupPicture(n: 1 | 2 | 3 | 4 | 5 | 6): Buffer {
  return readFileSync(join(DEMO, `sample${n}.jpg`));
}

function portrait(path: string): Buffer {
  return readFileSync(join(__dirname, '../fixtures/faces', path));
}
