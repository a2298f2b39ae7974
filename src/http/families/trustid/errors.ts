import type { StatusError } from '../../../call/index.js';
import { type FieldViolation, type Reason } from '../../../call/index.js';
import type { DocumentedError, ErrorAnswer, Operation } from '../../family.js';
import { HttpRefusal, type RefusalKind } from '../../refusal.js';
import {
  BiometricsWalletFace,
  BiometricsWalletHandwriting,
  BiometricsWalletSend,
  BiometricsWalletVoice,
  RefreshToken,
  Response400,
  Response400_1,
  Response401,
  Response404,
  Response404_1,
  Response404_2,
} from './schemas.js';

/** Which of the document's error bodies answers for a reason. */
type Answer =
  /** 400 about fields; `field` is the one at fault where the core names none, by the name that the row gives it, and `problem` the list it goes in. */
  | { status: 400; field?: string; problem?: FieldViolation['problem'] }
  /** 404 about a resource. */
  | { status: 404; resource: 'user' | 'examination' | 'biometric' | 'moodle' }
  /** `{message}`. */
  | { status: 401 | 403 | 413 | 429 | 499 | 500 | 503 };

const ANSWERS: Record<Reason, Answer> = {
  INVALID_FIELDS: { status: 400 },
  IMAGE_UNREADABLE: { status: 400, field: 'image', problem: 'bad_format' },
  IMAGE_TOO_LARGE: { status: 400, field: 'image', problem: 'bad_format' },
  TRACE_UNREADABLE: { status: 400, field: 'src', problem: 'bad_format' },
  AUDIO_UNREADABLE: { status: 400, field: 'voice_base64', problem: 'bad_format' },
  AUDIO_TOO_LARGE: { status: 400, field: 'voice_base64', problem: 'bad_format' },
  TEMPLATE_INVALID: { status: 400, field: 'image', problem: 'bad_format' },
  EMAIL_TAKEN: { status: 400, field: 'email', problem: 'already_exists' },

  CREDENTIALS_MISSING: { status: 401 },
  CREDENTIALS_WRONG: { status: 401 },
  TOKEN_INVALID: { status: 401 },
  TOKEN_EXPIRED: { status: 401 },
  TOKEN_REUSED: { status: 401 },
  SIGNATURE_INVALID: { status: 401 },
  REQUEST_STALE: { status: 401 },
  REQUEST_REPLAYED: { status: 401 },
  LAUNCH_INVALID: { status: 401 },
  LAUNCH_USED: { status: 401 },
  SSO_REFUSED: { status: 401 },

  ROLE_REQUIRED: { status: 403 },
  // `/register_user` documents no 403.
  REGISTRATION_CLOSED: { status: 400, field: 'role', problem: 'bad_format' },
  CONSENT_REQUIRED: { status: 403 },
  APPROVAL_REQUIRED: { status: 403 },
  ACCOUNT_CONFLICT: { status: 403 },
  ACCOUNT_NOT_ADMITTED: { status: 403 },

  ORGANISATION_NOT_FOUND: { status: 400, field: 'organization', problem: 'bad_format' },
  USER_NOT_FOUND: { status: 404, resource: 'user' },
  EXAM_NOT_FOUND: { status: 404, resource: 'examination' },
  REFERENCE_NOT_FOUND: { status: 404, resource: 'biometric' },
  SESSION_NOT_FOUND: { status: 404, resource: 'examination' },
  ALERT_NOT_FOUND: { status: 404, resource: 'examination' },
  EVIDENCE_NOT_FOUND: { status: 404, resource: 'examination' },
  CONSENT_NOT_FOUND: { status: 404, resource: 'user' },
  CONNECTION_NOT_FOUND: { status: 404, resource: 'moodle' },
  SYNC_NOT_FOUND: { status: 404, resource: 'moodle' },
  API_KEY_NOT_FOUND: { status: 404, resource: 'user' },
  CHALLENGE_NOT_FOUND: { status: 404, resource: 'examination' },
  ENROLMENT_NOT_FOUND: { status: 404, resource: 'examination' },
  PROVIDER_NOT_FOUND: { status: 404, resource: 'user' },

  // The document knows no 409: what the exam's state does not allow is a 400 that names the exam, what the student
  // has not proven is a 403.
  EXAM_STATE: { status: 400, field: 'exam_id' },
  NOT_JOINED: { status: 400, field: 'exam_id' },
  CHECK_STATE: { status: 400, field: 'exam_id' },
  CHALLENGE_REQUIRED: { status: 400, field: 'exam_id' },
  NOT_ENROLLED: { status: 404, resource: 'examination' },
  NOT_VERIFIED: { status: 403 },
  REFERENCE_MISSING: { status: 404, resource: 'biometric' },
  REFERENCE_IN_USE: { status: 403 },
  REPLACEMENT_UNPROVEN: { status: 403 },
  ASSURANCE_TOO_LOW: { status: 403 },
  MODEL_MISMATCH: { status: 403 },
  LMS_NOT_CONNECTED: { status: 404, resource: 'moodle' },
  LMS_REFUSED: { status: 403 },
  NUMBER_TAKEN: { status: 503 },
  VERSION_CONFLICT: { status: 503 },

  TOO_MANY_ATTEMPTS: { status: 429 },
  ENGINE_OVERLOADED: { status: 429 },
  MESSAGE_TOO_LARGE: { status: 413 },
  DEADLINE_EXCEEDED: { status: 503 },
  // Nobody reads it; the access log does.
  CANCELLED: { status: 499 },

  LMS_UNAVAILABLE: { status: 503 },
  PROVIDER_UNAVAILABLE: { status: 503 },
  MODEL_UNAVAILABLE: { status: 503 },
  DATABASE_UNAVAILABLE: { status: 503 },
  CORE_UNAVAILABLE: { status: 503 },
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

const INVALID = 'Bad request (Invalid data)';

/** A refused request in TRUSTID's documented bodies. */
export function refuse(error: StatusError | HttpRefusal, operation: Operation | undefined): ErrorAnswer {
  const answer = (status: number, body: unknown): ErrorAnswer => ({
    status,
    contentType: 'application/json',
    body,
  });
  if (error instanceof HttpRefusal) {
    const status = REFUSALS[error.kind];
    return status === 400
      ? answer(status, fieldsBody(error.message, [], { json: [error.message] }, operation))
      : answer(status, { message: error.message });
  }

  const rule = ANSWERS[error.reason];
  if (rule.status === 400) {
    return answer(400, invalidBody(error, rule, operation));
  }
  if (rule.status === 404) {
    const name = error.details.resource?.name.split('/').at(-1) ?? '';
    const resource = rule.resource === 'biometric' ? biometricOf(name, operation) : rule.resource;
    return answer(404, { message: error.message, resource_name: resource, resource_str: name });
  }
  // For want of consent the core's message says where it is given.
  return answer(rule.status, { message: error.message });
}

/**
 * Which biometric a reference's id says; the face where it says none, as in an exam. Where the wallet asks for one
 * that is not here, the document's 404 knows only the user.
 */
function biometricOf(id: string, operation: Operation | undefined): string {
  if (operation && isHandOver(operation)) return 'user';
  return ['voice', 'handwriting', 'interaction'].includes(id) ? id : 'face';
}

function isHandOver({ body }: Operation): boolean {
  return [BiometricsWalletFace, BiometricsWalletHandwriting, BiometricsWalletVoice].some(
    (schema) => schema === body,
  );
}

function invalidBody(
  error: StatusError,
  rule: Extract<Answer, { status: 400 }>,
  operation: Operation | undefined,
) {
  const named = error.details.fields ?? [];
  if (named.length > 0) {
    const details: Record<string, string[]> = {};
    for (const { field, description } of named) (details[field] ??= []).push(description);
    return fieldsBody(INVALID, named, details, operation);
  }
  const { problem } = rule;
  if (!rule.field) return fieldsBody(error.message, [], {}, operation);
  const field = operation?.fields?.[rule.field] ?? rule.field;
  const violations = problem ? [{ field, problem, description: error.message }] : [];
  return fieldsBody(error.message, violations, { [field]: [error.message] }, operation);
}

function fieldsBody(
  message: string,
  violations: readonly FieldViolation[],
  details: Record<string, string[]>,
  operation: Operation | undefined,
) {
  const list = (problem: FieldViolation['problem']): string[] => [
    ...new Set(violations.filter((v) => v.problem === problem).map((v) => v.field)),
  ];
  return {
    message,
    bad_formatted_fields: list('bad_format'),
    missing_required_fields: list('missing'),
    // The body "400_1" of /refresh_token has no such member.
    ...(operation?.body === RefreshToken ? {} : { already_exists_fields: list('already_exists') }),
    error_details: details,
  };
}

const DESCRIPTIONS: Record<number, string> = {
  400: 'Bad request (Invalid data) - Any missing, already existing or bad formatted fields will be returned',
  401: 'Unauthorized - The request lacks valid authentication credentials.',
  403: 'Forbidden. You are not allowed to access this resource.',
  404: 'What the operation is about was not found',
  405: 'Method not allowed',
  413: 'The body is too large',
  415: 'Unsupported media type',
  429: 'Too many requests, or the service is full; Retry-After says when to come back',
  500: 'Internal server error',
  503: 'The service cannot answer now; Retry-After says when to come back',
};

/** The document's body for an error status of an operation. */
export function documentedError(operation: Operation, status: number): DocumentedError {
  const schema =
    status === 404
      ? isHandOver(operation)
        ? Response404_1
        : operation.body === BiometricsWalletSend
          ? Response404_2
          : Response404
      : status !== 400
        ? Response401
        : operation.body === RefreshToken
          ? Response400_1
          : Response400;
  return { description: DESCRIPTIONS[status] ?? '', schema, contentType: 'application/json' };
}
