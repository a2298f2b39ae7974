import { z } from 'zod';
import { line, resourceName } from '../call/index.js';

/** Pictures of one enrolment. */
const MOST_IMAGES = 10;
/** Recordings of one enrolment. */
const MOST_RECORDINGS = 10;
const MOST_REASON = 500;

const bytes = z.instanceof(Uint8Array).refine((bytes) => bytes.length > 0, 'must not be empty');
const sample = z
  .object({
    sample: z
      .discriminatedUnion('$case', [
        z.object({ $case: z.literal('image'), value: bytes }),
        z.object({ $case: z.literal('template'), value: bytes }),
      ])
      .optional(),
  })
  .transform(({ sample: given }, ctx) => {
    if (given) return given;
    ctx.addIssue({ code: 'custom', params: { problem: 'missing' }, message: 'needs an image or a template' });
    return z.NEVER;
  });
/** `users/me` or `users/{uuid}`. */
const user = resourceName('users/{user}');
/** `users/me/references/face`. */
const reference = resourceName('users/{user}/references/{modality}');

export const imageRequest = z.object({ image: bytes });
export const compareRequest = z.object({ probe: sample, reference: sample });
export const enrolRequest = z.object({
  user,
  images: z
    .array(bytes)
    .min(1, 'needs at least one picture')
    .max(MOST_IMAGES, `takes at most ${MOST_IMAGES} pictures`),
});
export const verifyRequest = z.object({ user, image: bytes });
export const listRequest = z.object({ user });
export const deleteRequest = z.object({
  name: reference,
  /** Empty: the caller has another proof. */
  image: z.instanceof(Uint8Array),
});
export const recordingRequest = z.object({ recording: bytes });
export const enrolVoiceRequest = z.object({
  user,
  recordings: z
    .array(bytes)
    .min(1, 'needs at least one recording')
    .max(MOST_RECORDINGS, `takes at most ${MOST_RECORDINGS} recordings`),
});
export const verifyVoiceRequest = z.object({ user, recording: bytes });
export const allowRequest = z.object({ name: reference, reason: line(1, MOST_REASON) });
