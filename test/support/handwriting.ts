import sharp from 'sharp';
import { traceOf } from '../../scripts/accuracy/signature/corpus.js';
import { rasterOf } from '../../scripts/accuracy/signature/render.js';
import { signatureFiles } from '../../scripts/accuracy/signature/writers.js';
import { handwritingCompare, handwritingRead } from '../../src/biometrics/handwriting/job.js';
import { parseTrace } from '../../src/biometrics/handwriting/trace.js';
import { trajectoryOf } from '../../src/biometrics/handwriting/trajectory.js';
import {
  createHandwritingReader,
  DEFAULT_LIMITS,
  type HandwritingReader,
} from '../../src/biometrics/index.js';
import { inlineEngine } from './inline-engine.js';

/** Made-up writers; 1 and 2 are told apart. */
const FILES = signatureFiles(3, 77);

/** A trace as a client sends it: signature `number` of 20, or from 21 on a skilled forgery. */
export function trace(writer: 1 | 2 | 3, number: number): Buffer {
  return traceOf(FILES.get(`U${writer}S${number}.TXT`)!);
}

/** The same trace from a device without pressure. */
export function withoutPressure(bytes: Buffer): Buffer {
  const { version, strokes } = JSON.parse(bytes.toString()) as { version: number; strokes: number[][][] };
  return Buffer.from(JSON.stringify({ version, strokes: strokes.map((s) => s.map((p) => p.slice(0, 3))) }));
}

/** What a trace leaves on paper, as a PNG file. */
export async function pictureOfTrace(writer: 1 | 2 | 3, number: number): Promise<Buffer> {
  const { data, width, height } = rasterOf(trajectoryOf(parseTrace(trace(writer, number))));
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** The product's own reading and comparing, without a worker. */
export function inlineReader(): HandwritingReader {
  return createHandwritingReader(inlineEngine([handwritingRead, handwritingCompare]), DEFAULT_LIMITS);
}
