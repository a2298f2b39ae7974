import { Expo } from 'expo-server-sdk';
import { z } from 'zod';
import { oneOf, resourceName } from '../call/index.js';
import type { Modality } from '../biometrics/index.js';

/** Expo's are about 40 characters. */
const MOST_TOKEN = 256;
/** Answers of one call: one a modality. */
const MOST_ANSWERS = 4;

/** Null for an empty one. */
const pushToken = z
  .string()
  .max(MOST_TOKEN, `must have at most ${MOST_TOKEN} characters`)
  .refine((token) => token === '' || Expo.isExpoPushToken(token), 'must be an Expo push token')
  .transform((token) => token || null);

const modality = oneOf(
  'MODALITY_FACE',
  'MODALITY_VOICE',
  'MODALITY_HANDWRITING',
  'MODALITY_INTERACTION',
).transform((value) => value.slice('MODALITY_'.length) as Modality);

/** `users/me` or `users/{uuid}`. */
const user = resourceName('users/{user}');

export const phoneRequest = z.object({ pushToken });
export const handOverRequest = z.object({ modality, pushToken });
export const userRequest = z.object({ user });
export const returnRequest = z.object({
  answers: z
    .array(z.object({ modality, template: z.instanceof(Uint8Array) }))
    .min(1, 'needs at least one answer')
    .max(MOST_ANSWERS, `takes at most ${MOST_ANSWERS} answers`)
    .refine(
      (answers) => new Set(answers.map((answer) => answer.modality)).size === answers.length,
      'takes one answer a modality',
    ),
});
