import { STATUS_CODES } from 'node:http';
import { StatusError, type Reason } from '../../../call/index.js';
import type { DocumentedError, ErrorAnswer } from '../../family.js';
import type { HttpRefusal, RefusalKind } from '../../refusal.js';
import { Problem } from './schemas.js';

const STATUS: Record<Reason | RefusalKind, number> = {
  METHOD_NOT_ALLOWED: 405,
  FOREIGN_ORIGIN: 403,
  NOT_ACCEPTABLE: 406,
  UNSUPPORTED_MEDIA_TYPE: 415,
  BODY_TOO_LARGE: 413,
  BODY_UNPARSABLE: 400,

  INVALID_FIELDS: 400,
  IMAGE_UNREADABLE: 400,
  IMAGE_TOO_LARGE: 400,
  TRACE_UNREADABLE: 400,
  AUDIO_UNREADABLE: 400,
  AUDIO_TOO_LARGE: 400,
  TEMPLATE_INVALID: 400,
  EMAIL_TAKEN: 409,

  CREDENTIALS_MISSING: 401,
  CREDENTIALS_WRONG: 401,
  TOKEN_INVALID: 401,
  TOKEN_EXPIRED: 401,
  TOKEN_REUSED: 401,
  SIGNATURE_INVALID: 401,
  REQUEST_STALE: 401,
  REQUEST_REPLAYED: 401,
  LAUNCH_INVALID: 401,
  LAUNCH_USED: 401,
  SSO_REFUSED: 401,

  ROLE_REQUIRED: 403,
  REGISTRATION_CLOSED: 403,
  CONSENT_REQUIRED: 403,
  APPROVAL_REQUIRED: 403,
  ACCOUNT_CONFLICT: 403,
  ACCOUNT_NOT_ADMITTED: 403,

  ORGANISATION_NOT_FOUND: 404,
  USER_NOT_FOUND: 404,
  EXAM_NOT_FOUND: 404,
  REFERENCE_NOT_FOUND: 404,
  SESSION_NOT_FOUND: 404,
  ALERT_NOT_FOUND: 404,
  EVIDENCE_NOT_FOUND: 404,
  CONSENT_NOT_FOUND: 404,
  CONNECTION_NOT_FOUND: 404,
  SYNC_NOT_FOUND: 404,
  API_KEY_NOT_FOUND: 404,
  ENROLMENT_NOT_FOUND: 404,
  PROVIDER_NOT_FOUND: 404,
  CHALLENGE_NOT_FOUND: 404,

  EXAM_STATE: 409,
  NOT_ENROLLED: 409,
  NOT_VERIFIED: 409,
  NOT_JOINED: 409,
  CHECK_STATE: 409,
  CHALLENGE_REQUIRED: 409,
  REFERENCE_MISSING: 409,
  REFERENCE_IN_USE: 409,
  REPLACEMENT_UNPROVEN: 409,
  ASSURANCE_TOO_LOW: 409,
  MODEL_MISMATCH: 409,
  LMS_NOT_CONNECTED: 409,
  LMS_REFUSED: 409,
  NUMBER_TAKEN: 409,
  VERSION_CONFLICT: 409,

  TOO_MANY_ATTEMPTS: 429,
  ENGINE_OVERLOADED: 429,
  MESSAGE_TOO_LARGE: 413,
  DEADLINE_EXCEEDED: 504,
  // Nobody reads it; the access log does.
  CANCELLED: 499,

  LMS_UNAVAILABLE: 503,
  PROVIDER_UNAVAILABLE: 503,
  MODEL_UNAVAILABLE: 503,
  DATABASE_UNAVAILABLE: 503,
  CORE_UNAVAILABLE: 503,
  DRAINING: 503,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
};

const PROBLEM_JSON = 'application/problem+json';

/** A refused request as RFC 9457 says it. */
export function refuse(error: StatusError | HttpRefusal, requestId: string): ErrorAnswer {
  const reason = error instanceof StatusError ? error.reason : error.kind;
  const { fields, metadata } = error instanceof StatusError ? error.details : {};
  const status = STATUS[reason];
  return {
    status,
    contentType: PROBLEM_JSON,
    body: {
      type: `urn:probity:reason:${reason}`,
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail: error.message,
      reason,
      ...(fields && { fields }),
      ...(reason === 'NUMBER_TAKEN' && { nextNumber: Number(metadata?.['nextNumber']) }),
      requestId,
    },
  };
}

export function documentedError(status: number): DocumentedError {
  return { description: STATUS_CODES[status] ?? 'Error', schema: Problem, contentType: PROBLEM_JSON };
}
