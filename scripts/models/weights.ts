import { z } from 'zod';

const specs = z.array(
  z.object({
    name: z.string(),
    shape: z.array(z.number().int().nonnegative()),
    dtype: z.enum(['float32', 'int32']),
    quantization: z.object({ dtype: z.literal('uint8'), scale: z.number(), min: z.number() }).optional(),
  }),
);

/** A weight of a TensorFlow.js model, dequantised, in row-major order. */
export interface Weight {
  shape: number[];
  values: Float32Array | Int32Array;
}

/**
 * Cuts the shards of a TensorFlow.js `weightsManifest` group into its tensors; a uint8 weight q stands for
 * q * scale + min.
 *
 * @throws Error when the shards and the manifest disagree in length
 */
export function readWeights(manifest: unknown, shards: Buffer): Map<string, Weight> {
  const weights = new Map<string, Weight>();
  let at = 0;
  for (const { name, shape, dtype, quantization } of specs.parse(manifest)) {
    const length = shape.reduce((product, size) => product * size, 1);
    const bytes = shards.subarray(at, (at += length * (quantization ? 1 : 4)));
    const values = dtype === 'int32' ? new Int32Array(length) : new Float32Array(length);
    for (let index = 0; index < length; index += 1) {
      if (quantization) values[index] = bytes.readUInt8(index) * quantization.scale + quantization.min;
      else values[index] = dtype === 'int32' ? bytes.readInt32LE(index * 4) : bytes.readFloatLE(index * 4);
    }
    weights.set(name, { shape, values });
  }
  if (at !== shards.length) throw new Error(`The weights take ${at} bytes, the shards hold ${shards.length}`);
  return weights;
}
