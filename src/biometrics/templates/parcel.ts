/**
 * A reference's templates as a phone keeps them, before sealing: a protobuf message without a .proto, because nobody
 * but us reads it.
 *
 *   1 uint32   version of this form
 *   2 string   organisation
 *   3 string   user
 *   4 string   modality
 *   5 string   reference
 *   6 bytes    a template as its row has it, sealed; repeated, in the order of enrolment
 */
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { z } from 'zod';
import { MODALITIES } from '../ports.js';

const VERSION = 1;

const schema = z.object({
  version: z.literal(VERSION),
  organisationId: z.string().min(1),
  userId: z.string().min(1),
  modality: z.enum(MODALITIES),
  referenceId: z.string().min(1),
  sealed: z.array(z.instanceof(Buffer)).min(1),
});

export type TemplateParcel = Omit<z.output<typeof schema>, 'version'>;

export function encodeParcel(parcel: TemplateParcel): Uint8Array {
  const { organisationId, userId, modality, referenceId, sealed } = parcel;
  const writer = new BinaryWriter().tag(1, WireType.Varint).uint32(VERSION);
  for (const [index, text] of [organisationId, userId, modality, referenceId].entries()) {
    writer.tag(index + 2, WireType.LengthDelimited).string(text);
  }
  for (const template of sealed) writer.tag(6, WireType.LengthDelimited).bytes(template);
  return writer.finish();
}

/**
 * What `encodeParcel` was given.
 *
 * @throws Error on anything else, a later version included
 */
export function decodeParcel(bytes: Uint8Array): TemplateParcel {
  const reader = new BinaryReader(bytes);
  const sealed: Buffer[] = [];
  const read: Record<string, unknown> = { sealed };
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) read['version'] = reader.uint32();
    else if (field === 2) read['organisationId'] = reader.string();
    else if (field === 3) read['userId'] = reader.string();
    else if (field === 4) read['modality'] = reader.string();
    else if (field === 5) read['referenceId'] = reader.string();
    else if (field === 6) sealed.push(Buffer.from(reader.bytes()));
    else reader.skip(wireType, field);
  }
  const { organisationId, userId, modality, referenceId } = schema.parse(read);
  return { organisationId, userId, modality, referenceId, sealed };
}
