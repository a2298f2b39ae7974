import { z } from 'zod';
import { resourceName } from '../call/index.js';
import { MOST_TEMPLATES, sampleOf } from './handwriting/index.js';

const sample = z
  .instanceof(Uint8Array)
  .refine((bytes) => bytes.length > 0, 'must not be empty')
  .transform(sampleOf);
/** `users/me` or `users/{uuid}`. */
const user = resourceName('users/{user}');

export const enrolHandwritingRequest = z.object({
  user,
  samples: z
    .tuple([sample], sample)
    .refine(({ length }) => length <= MOST_TEMPLATES, `takes at most ${MOST_TEMPLATES} samples`)
    .refine((samples) => new Set(samples.map(({ form }) => form)).size === 1, 'must all be of one form'),
});
export const verifyHandwritingRequest = z.object({ user, sample });
