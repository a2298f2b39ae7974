import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { Code, REASONS, StatusError } from '../call/index.js';
import type { FieldProblem, FieldViolation, Reason, StatusDetails } from '../call/index.js';
import type { Any } from './gen/google/protobuf/any.js';
import { BadRequest, ErrorInfo, ResourceInfo, RetryInfo } from './gen/google/rpc/error_details.js';
import { Status } from './gen/google/rpc/status.js';

/** Trailer with the encoded `google.rpc.Status`. */
const DETAILS = 'grpc-status-details-bin';
const DOMAIN = 'probity';
const TYPE_PREFIX = 'type.googleapis.com/';

/**
 * Bytes that `google.rpc.Status` may have. Trailers travel as one header block, of which a gRPC peer need not
 * take more than 8 KiB (PROTOCOL-HTTP2, "Request-Headers"), and base64 makes four bytes of three.
 */
const MAX_DETAILS_BYTES = 3840;
/** `grpc-message` is in the same block, percent-encoded: nine bytes a character at worst. */
const MAX_MESSAGE_CHARACTERS = 300;

/** `google.rpc.BadRequest.FieldViolation.reason` of each problem. */
const PROBLEMS = {
  missing: 'MISSING',
  bad_format: 'BAD_FORMAT',
  already_exists: 'ALREADY_EXISTS',
} as const satisfies Record<FieldProblem, string>;

/**
 * What a reason that this build does not know, or an error without one, is taken for: the reason of the same
 * status code that asks the least of whoever handles it. Codes that are not here are INTERNAL.
 */
const NEAREST: Readonly<Record<number, Reason>> = {
  [Code.CANCELLED]: 'CANCELLED',
  [Code.INVALID_ARGUMENT]: 'INVALID_FIELDS',
  [Code.DEADLINE_EXCEEDED]: 'DEADLINE_EXCEEDED',
  [Code.NOT_FOUND]: 'EXAM_NOT_FOUND',
  [Code.ALREADY_EXISTS]: 'VERSION_CONFLICT',
  [Code.PERMISSION_DENIED]: 'ROLE_REQUIRED',
  [Code.RESOURCE_EXHAUSTED]: 'ENGINE_OVERLOADED',
  [Code.FAILED_PRECONDITION]: 'CHECK_STATE',
  [Code.ABORTED]: 'VERSION_CONFLICT',
  [Code.UNIMPLEMENTED]: 'UNIMPLEMENTED',
  [Code.UNAVAILABLE]: 'CORE_UNAVAILABLE',
  [Code.UNAUTHENTICATED]: 'TOKEN_INVALID',
};

/** What is said of an error that the transport made itself; its own words stay in `cause`. */
const TRANSPORT_MESSAGES: Partial<Record<Reason, string>> = {
  CANCELLED: 'The caller went away.',
  DEADLINE_EXCEEDED: 'The deadline has passed.',
  MESSAGE_TOO_LARGE: 'The message is larger than the other side takes.',
  UNIMPLEMENTED: 'The core does not know this call.',
  CORE_UNAVAILABLE: 'The core cannot be reached.',
};

/**
 * An error as it goes on the wire: plain code and message for any client, and `google.rpc.Status` in the
 * trailers with ErrorInfo always, and BadRequest, ResourceInfo and RetryInfo where they apply.
 *
 * Trailers have little room: what does not fit is left out from the end of the field violations, and
 * ErrorInfo.metadata `omittedFields` says how many.
 */
export function toServiceError(error: StatusError): {
  code: number;
  details: string;
  metadata: Metadata;
} {
  const message = wellFormed(error.message.slice(0, MAX_MESSAGE_CHARACTERS));
  const metadata = new Metadata();
  metadata.set(DETAILS, encode(error, message));
  return { code: error.code, details: message, metadata };
}

/**
 * What arrived, as the house's error. A reason of a newer server becomes the nearest known one of its code and
 * is kept in `details.metadata.unknownReason`.
 */
export function fromServiceError(error: ServiceError): StatusError {
  const encoded = error.metadata.get(DETAILS)[0];
  const rich = Buffer.isBuffer(encoded) ? decode(encoded) : undefined;
  if (!rich) {
    const reason = transportReason(error);
    return new StatusError(reason, TRANSPORT_MESSAGES[reason] ?? 'Internal error.', {}, { cause: error });
  }

  const { code, message, info, details } = rich;
  if (isReason(info.reason)) return new StatusError(info.reason, message, details);
  return new StatusError(NEAREST[code] ?? 'INTERNAL', message, {
    ...details,
    metadata: { ...details.metadata, unknownReason: info.reason },
  });
}

function isReason(reason: string): reason is Reason {
  return Object.hasOwn(REASONS, reason);
}

function transportReason(error: ServiceError): Reason {
  // grpc-js has one code for "too large" and for a peer's flow control gone wrong; only its words differ.
  if (error.code === status.RESOURCE_EXHAUSTED && /larger than/.test(error.details)) {
    return 'MESSAGE_TOO_LARGE';
  }
  return NEAREST[error.code] ?? 'INTERNAL';
}

function encode(error: StatusError, message: string): Buffer {
  const fields = error.details.fields ?? [];
  let kept = fields.length;
  for (;;) {
    const bytes = statusBytes(error, message, fields.slice(0, kept), fields.length - kept);
    if (bytes.byteLength <= MAX_DETAILS_BYTES || kept === 0) return bytes;
    kept = Math.floor(Math.min(kept - 1, (kept * MAX_DETAILS_BYTES) / bytes.byteLength));
  }
}

function statusBytes(error: StatusError, message: string, fields: FieldViolation[], omitted: number): Buffer {
  const { resource, retryAfterMs, metadata = {} } = error.details;
  const info = {
    reason: error.reason,
    domain: DOMAIN,
    metadata: omitted > 0 ? { ...metadata, omittedFields: String(omitted) } : metadata,
  };
  const details: Any[] = [any('google.rpc.ErrorInfo', ErrorInfo.encode(info).finish())];
  if (error.details.fields) {
    const fieldViolations = fields.map(({ field, problem, description }) => ({
      field,
      description,
      reason: PROBLEMS[problem],
      localizedMessage: undefined,
    }));
    details.push(any('google.rpc.BadRequest', BadRequest.encode({ fieldViolations }).finish()));
  }
  if (resource) {
    const named = { resourceType: resource.type, resourceName: resource.name, owner: '', description: '' };
    details.push(any('google.rpc.ResourceInfo', ResourceInfo.encode(named).finish()));
  }
  if (retryAfterMs !== undefined) {
    const ms = Math.ceil(retryAfterMs);
    const retryDelay = { seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 };
    details.push(any('google.rpc.RetryInfo', RetryInfo.encode({ retryDelay }).finish()));
  }
  return Buffer.from(Status.encode({ code: error.code, message, details }).finish());
}

function any(type: string, value: Uint8Array): Any {
  return { typeUrl: TYPE_PREFIX + type, value: Buffer.from(value) };
}

/** Undefined where the bytes are no status of ours: a proxy's, another domain's, or damaged. */
function decode(
  bytes: Buffer,
): { code: number; message: string; info: ErrorInfo; details: StatusDetails } | undefined {
  try {
    const { code, message, details: packed } = Status.decode(bytes);
    const details: StatusDetails = {};
    let info: ErrorInfo | undefined;
    for (const { typeUrl, value } of packed) {
      switch (typeUrl.slice(typeUrl.lastIndexOf('/') + 1)) {
        case 'google.rpc.ErrorInfo':
          info = ErrorInfo.decode(value);
          break;
        case 'google.rpc.BadRequest':
          details.fields = BadRequest.decode(value).fieldViolations.map((violation) => ({
            field: violation.field,
            problem: problemOf(violation.reason),
            description: violation.description,
          }));
          break;
        case 'google.rpc.ResourceInfo': {
          const { resourceType, resourceName } = ResourceInfo.decode(value);
          details.resource = { type: resourceType, name: resourceName };
          break;
        }
        case 'google.rpc.RetryInfo': {
          const delay = RetryInfo.decode(value).retryDelay;
          if (delay) details.retryAfterMs = Number(delay.seconds) * 1000 + delay.nanos / 1_000_000;
          break;
        }
      }
    }
    if (info?.domain !== DOMAIN) return undefined;
    if (Object.keys(info.metadata).length > 0) details.metadata = info.metadata;
    return { code, message, info, details };
  } catch {
    return undefined;
  }
}

function problemOf(reason: string): FieldProblem {
  const known = (Object.keys(PROBLEMS) as FieldProblem[]).find((problem) => PROBLEMS[problem] === reason);
  return known ?? 'bad_format';
}

/** Without lone surrogates, on which percent-encoding throws. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
