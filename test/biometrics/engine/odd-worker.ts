import { threadId } from 'node:worker_threads';
import { runWorker, type JobHandler } from '../../../src/biometrics/engine/worker-loop.js';
import { StatusError } from '../../../src/call/index.js';
import { CRASH, ECHO, ENTERED, FAIL, HANG, OPEN } from './odd-kinds.js';

/** A worker made of the product's own loop with jobs that misbehave. */

const echo: JobHandler<Uint8Array, { bytes: Uint8Array; threadId: number }> = {
  kind: ECHO,
  prepare: (models) => (bytes) =>
    models.watch.stage('echo', () => ({
      result: { bytes, threadId },
      transfer: [bytes.buffer as ArrayBuffer],
    })),
};

const hang: JobHandler<Int32Array, { threadId: number }> = {
  kind: HANG,
  prepare: () => (gate) => {
    Atomics.add(gate, ENTERED, 1);
    while (Atomics.load(gate, OPEN) === 0) Atomics.wait(gate, OPEN, 0);
    return Promise.resolve({ result: { threadId }, transfer: [] });
  },
};

const crash: JobHandler<'exit' | 'throw', never> = {
  kind: CRASH,
  prepare: () => (how) => {
    if (how === 'exit') process.exit(3);
    setImmediate(() => {
      throw new Error('thrown outside any promise');
    });
    return new Promise(() => undefined);
  },
};

const fail: JobHandler<'status' | 'bug', never> = {
  kind: FAIL,
  prepare: () => (how) =>
    Promise.reject(
      how === 'status'
        ? new StatusError('IMAGE_TOO_LARGE', 'So large.', { metadata: { cap: '1' } })
        : new TypeError('a bug with /a/path in it'),
    ),
};

void runWorker([echo, hang, crash, fail]);
