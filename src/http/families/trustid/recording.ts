import { createHash } from 'node:crypto';
import { invalidFields } from '../../../call/index.js';

/**
 * The recording of a form: `voice_base64` or `src`, or the same in both.
 * @throws StatusError INVALID_FIELDS
 */
export function recordingOf({
  voice_base64: text,
  src: file,
}: {
  voice_base64?: Uint8Array | undefined;
  src?: Uint8Array | undefined;
}): Buffer {
  const recording = text ?? file;
  if (!recording) {
    const description = 'This field, or src, is required.';
    throw invalidFields([{ field: 'voice_base64', problem: 'missing', description }]);
  }
  if (text && file && Buffer.compare(text, file) !== 0) {
    const description = 'voice_base64 and src hold different recordings.';
    throw invalidFields(
      ['voice_base64', 'src'].map((field) => ({ field, problem: 'bad_format', description })),
    );
  }
  return Buffer.from(recording.buffer, recording.byteOffset, recording.byteLength);
}

/**
 * The client's own voice template as a claim: its fingerprint. The template would be a biometric outside of every
 * container, and nothing is ever compared with it.
 */
export function embeddingClaim(text: string | undefined): Record<string, string> {
  if (text === undefined || text.trim() === '') return {};
  return { voice_emb_data: `sha256:${createHash('sha256').update(text).digest('hex')}` };
}
