/**
 * A template as bytes, before sealing: a protobuf message without a .proto, because it never leaves the vault.
 *
 *   1 uint32   version of this form
 *   2 string   modality
 *   3 string   model id
 *   4 string   subject the template is bound to; absent for nobody
 *   5 float[]  what the model made of the sample, packed
 */
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { z } from 'zod';
import { MODALITIES, type Modality } from '../ports.js';

/** What a model made of a sample, that model, and whose it is. */
export interface Template {
  modality: Modality;
  /** Templates of two models are never compared. */
  modelId: string;
  /** The user it is bound to; null for a template that belongs to nobody. */
  subject: string | null;
  vector: Float32Array;
}

const VERSION = 1;

const schema = z.object({
  version: z.literal(VERSION),
  modality: z.enum(MODALITIES),
  modelId: z.string().min(1),
  subject: z.string().min(1).nullable(),
  vector: z
    .array(z.number())
    .min(1)
    .transform((values) => Float32Array.from(values)),
});

export function encodeTemplate({ modality, modelId, subject, vector }: Template): Uint8Array {
  const writer = new BinaryWriter()
    .tag(1, WireType.Varint)
    .uint32(VERSION)
    .tag(2, WireType.LengthDelimited)
    .string(modality)
    .tag(3, WireType.LengthDelimited)
    .string(modelId);
  if (subject !== null) writer.tag(4, WireType.LengthDelimited).string(subject);
  writer.tag(5, WireType.LengthDelimited).fork();
  for (const value of vector) writer.float(value);
  return writer.join().finish();
}

/**
 * What `encodeTemplate` was given.
 *
 * @throws Error on anything else, a later version included
 */
export function decodeTemplate(bytes: Uint8Array): Template {
  const reader = new BinaryReader(bytes);
  const read: Record<string, unknown> = { subject: null };
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) read['version'] = reader.uint32();
    else if (field === 2) read['modality'] = reader.string();
    else if (field === 3) read['modelId'] = reader.string();
    else if (field === 4) read['subject'] = reader.string();
    else if (field === 5) read['vector'] = floats(reader);
    else reader.skip(wireType, field);
  }
  const { modality, modelId, subject, vector } = schema.parse(read);
  return { modality, modelId, subject, vector };
}

function floats(reader: BinaryReader): number[] {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError('a template is cut short');
  const values: number[] = [];
  while (reader.pos < end) values.push(reader.float());
  return values;
}
