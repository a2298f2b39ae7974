import { z } from 'zod';
import { line, oneOf, paging, resourceName } from '../call/index.js';
import type { Modality, Purpose } from './consent.js';
import { policyInForce } from './policies.js';
import type { PolicyLanguage } from './policy-texts.js';

const MOST_STATEMENT = 2000;

const modality = oneOf(
  'MODALITY_FACE',
  'MODALITY_VOICE',
  'MODALITY_HANDWRITING',
  'MODALITY_INTERACTION',
).transform((value) => value.slice('MODALITY_'.length) as Modality);
const purpose = oneOf('PURPOSE_EXAM_IDENTITY').transform(
  (value) => value.slice('PURPOSE_'.length) as Purpose,
);
const policyVersion = z.string().min(1).max(32, 'must have at most 32 characters');

/** Whose: `users/me` or `users/{uuid}`. */
const user = resourceName('users/{user}');

function versionInForce(
  request: { modality: Modality; purpose: Purpose; policyVersion: string },
  issues: z.RefinementCtx,
): void {
  const { version } = policyInForce(request.modality, request.purpose);
  if (request.policyVersion === version) return;
  issues.addIssue({ code: 'custom', path: ['policyVersion'], message: `the version in force is ${version}` });
}

export const listPoliciesRequest = z.object({
  languageCode: z.string().transform((code): PolicyLanguage => (/^el(-|$)/i.test(code) ? 'el' : 'en')),
});
export const grantRequest = z.object({ modality, purpose, policyVersion }).superRefine(versionInForce);
export const revokeRequest = z.object({ modality, purpose });
export const listConsentsRequest = z.object({ user });
export const attestRequest = z
  .object({
    modality,
    purpose,
    policyVersion,
    /** Empty: everybody of the organisation. */
    user: z.union([z.literal('').transform(() => null), user]),
    statement: line(1, MOST_STATEMENT),
  })
  .superRefine(versionInForce);
export const subjectRequest = z.object({ user });
export const listAuditRequest = z.object({
  ...paging({ standard: 100, most: 1000 }),
  /** Empty: about anybody. */
  user: z.union([z.literal('').transform(() => null), user]),
});
