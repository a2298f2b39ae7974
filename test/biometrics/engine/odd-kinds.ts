import type { JobKind } from '../../../src/biometrics/engine/index.js';

/** Job kinds that misbehave; `odd-worker.ts` has their code. */

/** Cells of a `HANG` job's shared gate: how many jobs entered, and whether they may leave. */
export const ENTERED = 0;
export const OPEN = 1;

export const ECHO: JobKind<Uint8Array, { bytes: Uint8Array; threadId: number }> = { name: 'test.echo' };
/** Blocks its thread, as a model's run does, until the gate opens. */
export const HANG: JobKind<Int32Array, { threadId: number }> = { name: 'test.hang' };
export const CRASH: JobKind<'exit' | 'throw', never> = { name: 'test.crash' };
export const FAIL: JobKind<'status' | 'bug', never> = { name: 'test.fail' };
