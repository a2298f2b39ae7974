import type { FieldViolation, Reason, StatusError } from '../../../call/index.js';
import type { DocumentedError, ErrorAnswer } from '../../family.js';
import { HttpRefusal, type RefusalKind } from '../../refusal.js';
import { Failure, Invalid } from './schemas.js';

/** The document's own texts, and Rails' for a token that nobody has. */
const NOT_AUTHORIZED = 'You are not authorized to access this page.';
const ACCESS_DENIED = 'HTTP Token: Access denied.';
const TAKEN = 'has already been taken';

/** What the document calls the things that may not be there. */
type Model = 'Exam' | 'Student Session' | 'User';

type Answer = { status: 404; model: Model } | { status: 401 | 403 | 413 | 422 | 429 | 499 | 500 | 503 };

const ANSWERS: Record<Reason, Answer> = {
  INVALID_FIELDS: { status: 422 },
  IMAGE_UNREADABLE: { status: 422 },
  IMAGE_TOO_LARGE: { status: 422 },
  AUDIO_UNREADABLE: { status: 422 },
  AUDIO_TOO_LARGE: { status: 422 },
  TEMPLATE_INVALID: { status: 422 },
  TRACE_UNREADABLE: { status: 422 },
  EMAIL_TAKEN: { status: 422 },

  CREDENTIALS_MISSING: { status: 401 },
  CREDENTIALS_WRONG: { status: 401 },
  TOKEN_INVALID: { status: 401 },
  TOKEN_EXPIRED: { status: 401 },
  TOKEN_REUSED: { status: 401 },
  // Which of them it was is in the log: whoever forges a request should not learn it from the answer.
  SIGNATURE_INVALID: { status: 403 },
  REQUEST_STALE: { status: 403 },
  REQUEST_REPLAYED: { status: 403 },
  LAUNCH_INVALID: { status: 403 },
  LAUNCH_USED: { status: 403 },
  SSO_REFUSED: { status: 401 },

  ROLE_REQUIRED: { status: 403 },
  REGISTRATION_CLOSED: { status: 403 },
  CONSENT_REQUIRED: { status: 403 },
  APPROVAL_REQUIRED: { status: 403 },
  ACCOUNT_CONFLICT: { status: 403 },
  ACCOUNT_NOT_ADMITTED: { status: 403 },

  ORGANISATION_NOT_FOUND: { status: 404, model: 'User' },
  USER_NOT_FOUND: { status: 404, model: 'User' },
  EXAM_NOT_FOUND: { status: 404, model: 'Exam' },
  REFERENCE_NOT_FOUND: { status: 404, model: 'Student Session' },
  SESSION_NOT_FOUND: { status: 404, model: 'Student Session' },
  ALERT_NOT_FOUND: { status: 404, model: 'Student Session' },
  EVIDENCE_NOT_FOUND: { status: 404, model: 'Student Session' },
  CONSENT_NOT_FOUND: { status: 404, model: 'User' },
  CONNECTION_NOT_FOUND: { status: 404, model: 'User' },
  SYNC_NOT_FOUND: { status: 404, model: 'User' },
  API_KEY_NOT_FOUND: { status: 404, model: 'User' },
  CHALLENGE_NOT_FOUND: { status: 404, model: 'Student Session' },
  ENROLMENT_NOT_FOUND: { status: 404, model: 'Student Session' },
  PROVIDER_NOT_FOUND: { status: 404, model: 'User' },

  // The document knows no 409: what the state does not allow is no parameter's fault.
  EXAM_STATE: { status: 422 },
  NOT_ENROLLED: { status: 422 },
  NOT_VERIFIED: { status: 422 },
  NOT_JOINED: { status: 422 },
  CHECK_STATE: { status: 422 },
  CHALLENGE_REQUIRED: { status: 422 },
  REFERENCE_MISSING: { status: 422 },
  REFERENCE_IN_USE: { status: 422 },
  REPLACEMENT_UNPROVEN: { status: 422 },
  ASSURANCE_TOO_LOW: { status: 422 },
  MODEL_MISMATCH: { status: 422 },
  LMS_NOT_CONNECTED: { status: 422 },
  LMS_REFUSED: { status: 422 },
  NUMBER_TAKEN: { status: 503 },
  VERSION_CONFLICT: { status: 503 },

  TOO_MANY_ATTEMPTS: { status: 429 },
  ENGINE_OVERLOADED: { status: 429 },
  MESSAGE_TOO_LARGE: { status: 413 },
  DEADLINE_EXCEEDED: { status: 503 },
  // Nobody reads it; the access log does.
  CANCELLED: { status: 499 },

  MODEL_UNAVAILABLE: { status: 503 },
  DATABASE_UNAVAILABLE: { status: 503 },
  CORE_UNAVAILABLE: { status: 503 },
  LMS_UNAVAILABLE: { status: 503 },
  PROVIDER_UNAVAILABLE: { status: 503 },
  DRAINING: { status: 503 },
  UNIMPLEMENTED: { status: 500 },
  INTERNAL: { status: 500 },
};

const REFUSALS: Record<RefusalKind, number> = {
  METHOD_NOT_ALLOWED: 405,
  FOREIGN_ORIGIN: 403,
  NOT_ACCEPTABLE: 406,
  UNSUPPORTED_MEDIA_TYPE: 415,
  BODY_TOO_LARGE: 413,
  BODY_UNPARSABLE: 400,
};

/** A refused request in the document's bodies. */
export function refuse(error: StatusError | HttpRefusal): ErrorAnswer {
  const answer = (status: number, body: unknown): ErrorAnswer => ({
    status,
    contentType: 'application/json',
    body,
  });
  if (error instanceof HttpRefusal) return answer(REFUSALS[error.kind], { error: error.message });
  const rule = ANSWERS[error.reason];
  switch (rule.status) {
    case 401:
      return answer(401, { error: ACCESS_DENIED });
    case 403:
      return answer(403, { error: NOT_AUTHORIZED });
    case 404: {
      const id = error.details.resource?.name.split('/').at(-1) ?? '';
      return answer(404, { error: `Couldn't find ${rule.model} with 'id'=${id}` });
    }
    case 422:
      return answer(422, invalid(error));
    default:
      return answer(rule.status, { error: error.message });
  }
}

function invalid(error: StatusError): Record<string, string[]> {
  const fields = error.details.fields ?? [];
  if (fields.length === 0) return { base: [error.message] };
  const byField: Record<string, string[]> = {};
  for (const violation of fields) (byField[violation.field] ??= []).push(inWords(violation));
  return byField;
}

function inWords({ field, problem, description }: FieldViolation): string {
  if (problem === 'already_exists') return TAKEN;
  return problem === 'missing' ? `Param is missing or the value is empty: '${field}'` : description;
}

const DESCRIPTIONS: Record<number, string> = {
  400: 'The body is not JSON',
  401: 'No token, or one that no key has',
  403: NOT_AUTHORIZED,
  404: "Couldn't find Exam, or Student Session, with 'id'=':id'",
  405: 'Method not allowed',
  406: 'The client takes no answer of this version',
  413: 'The body is too large',
  415: 'Unsupported media type',
  422: `Param is missing or the value is empty: 'param', or 'email':['${TAKEN}']`,
  429: 'Too many requests, or the service is full; Retry-After says when to come back',
  500: 'Internal server error',
  503: 'The service cannot answer now; Retry-After says when to come back',
};

export function documentedError(status: number): DocumentedError {
  return {
    description: DESCRIPTIONS[status] ?? '',
    schema: status === 422 ? Invalid : Failure,
    contentType: 'application/json',
  };
}
