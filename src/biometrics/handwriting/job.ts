import type { JobHandler } from '../engine/worker-loop.js';
import { decode } from '../face/picture.js';
import { scoreOf } from './decision.js';
import { imageDistance } from './image-distance.js';
import { imageVector } from './image-template.js';
import { inkOf } from './ink.js';
import { HANDWRITING_COMPARE, HANDWRITING_READ, type CompareInput, type ReadInput } from './kind.js';
import { traceDistance } from './trace-distance.js';
import { traceVector, trajectoryFrom } from './trace-template.js';
import { parseTrace } from './trace.js';
import { isWriting, trajectoryOf } from './trajectory.js';

/** Imported inside workers only. */

export const handwritingRead: JobHandler<ReadInput, Float32Array | null> = {
  kind: HANDWRITING_READ,
  prepare: () => async (input) => {
    const vector = input.form === 'TRACE' ? readTrace(input) : await readImage(input);
    return { result: vector, transfer: vector ? [vector.buffer as ArrayBuffer] : [] };
  },
};

export const handwritingCompare: JobHandler<CompareInput, number> = {
  kind: HANDWRITING_COMPARE,
  prepare: () => (input) => Promise.resolve({ result: compare(input), transfer: [] }),
};

function readTrace({ bytes }: ReadInput): Float32Array | null {
  const trajectory = trajectoryOf(parseTrace(bytes));
  return isWriting(trajectory) ? traceVector(trajectory) : null;
}

async function readImage({ bytes, limits }: ReadInput): Promise<Float32Array | null> {
  const ink = inkOf(await decode(bytes, limits));
  return ink && imageVector(ink);
}

/** The score of a sample against a reference's templates, all of one form. */
export function compare({ form, probe, reference }: CompareInput): number {
  const templates = reference.length;
  if (form === 'IMAGE') return scoreOf(imageDistance(probe, reference), 'IMAGE', templates);
  const { distance, withPressure } = traceDistance(trajectoryFrom(probe), reference.map(trajectoryFrom));
  return scoreOf(distance, withPressure ? 'TRACE_WITH_PRESSURE' : 'TRACE', templates);
}
