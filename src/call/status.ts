import { REASONS, type Code, type Reason } from './reasons.js';

/** Why a field was refused. TRUSTID's 400 body separates the three; others print the description. */
export type FieldProblem = 'missing' | 'bad_format' | 'already_exists';

/** One problem with one field. `field` is a path in the request: `image`, `students[2].email`. */
export interface FieldViolation {
  field: string;
  problem: FieldProblem;
  description: string;
}

export interface StatusDetails {
  /** `google.rpc.BadRequest`. */
  fields?: FieldViolation[];
  /** `google.rpc.ResourceInfo`: what was looked for, by type and by the name the caller used. */
  resource?: { type: string; name: string };
  /** `google.rpc.RetryInfo`: milliseconds after which the same call may succeed. */
  retryAfterMs?: number;
  /** `google.rpc.ErrorInfo.metadata`: facts a client may act on. Never secrets, never images. */
  metadata?: Record<string, string>;
}

/**
 * The one error of the house: a request could not be served. It becomes `google.rpc.Status` on the wire
 * and the family's documented body over REST. `message` is public; what only operators may read goes in
 * `cause`, which is logged and never sent.
 */
export class StatusError extends Error {
  readonly code: Code;

  constructor(
    readonly reason: Reason,
    message: string,
    readonly details: StatusDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StatusError';
    this.code = REASONS[reason];
  }
}

/** Bad request data, all problems at once. */
export function invalidFields(fields: FieldViolation[]): StatusError {
  const names = fields.map((f) => `${f.field}: ${f.description}`).join('; ');
  return new StatusError('INVALID_FIELDS', names || 'The request is not valid.', { fields });
}

/** Any thrown value as the error that may be shown: unknown exceptions keep nothing but their cause. */
export function toStatusError(thrown: unknown): StatusError {
  if (thrown instanceof StatusError) return thrown;
  return new StatusError('INTERNAL', 'Internal error.', {}, { cause: thrown });
}
