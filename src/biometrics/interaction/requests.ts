import { z } from 'zod';
import { resourceName } from '../../call/index.js';

/** A dataset is read where it is compared, in the engine: here it only has to be there. */
export const interactionRequest = z.object({
  /** `users/me` or `users/{uuid}`. */
  user: resourceName('users/{user}'),
  dataset: z.string().min(1),
});
