import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import fc from 'fast-check';
import {
  REASONS,
  StatusError,
  type FieldProblem,
  type Reason,
  type StatusDetails,
} from '../../src/call/index.js';
import { ErrorInfo } from '../../src/grpc/gen/google/rpc/error_details.js';
import { Status } from '../../src/grpc/gen/google/rpc/status.js';
import { fromServiceError, toServiceError } from '../../src/grpc/status.js';

const DETAILS = 'grpc-status-details-bin';

/** What a client gets of what a server sent. */
function arrived(sent: { code: number; details: string; metadata: Metadata }): ServiceError {
  return Object.assign<Error, object>(new Error(sent.details), sent) as ServiceError;
}

/** A status as a server other than this build would send it. */
function foreign(code: number, info: ErrorInfo): ServiceError {
  const any = {
    typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo',
    value: Buffer.from(ErrorInfo.encode(info).finish()),
  };
  const metadata = new Metadata();
  metadata.set(DETAILS, Buffer.from(Status.encode({ code, message: 'Words.', details: [any] }).finish()));
  return arrived({ code, details: 'Words.', metadata });
}

const text = (maxLength: number) => fc.string({ maxLength, unit: 'grapheme' });
const details: fc.Arbitrary<StatusDetails> = fc.record(
  {
    fields: fc.array(
      fc.record({
        field: text(20),
        problem: fc.constantFrom<FieldProblem>('missing', 'bad_format', 'already_exists'),
        description: text(20),
      }),
      { maxLength: 5 },
    ),
    resource: fc.record({ type: text(20), name: text(20) }),
    retryAfterMs: fc.nat(10_000_000),
    metadata: fc.dictionary(text(10), text(20), { minKeys: 1, maxKeys: 5, noNullPrototype: true }),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const reasons = fc.constantFrom(...(Object.keys(REASONS) as Reason[]));

describe('a StatusError on the wire', () => {
  test('arrives as it was sent, whatever it is', () => {
    fc.assert(
      fc.property(reasons, text(60), details, (reason, message, given) => {
        const sent = new StatusError(reason, message, given);
        const got = fromServiceError(arrived(toServiceError(sent)));
        expect(got).toMatchObject({ reason, code: sent.code, message });
        expect(got.details).toEqual(given);
      }),
    );
  });

  test('has a plain code and message, and ErrorInfo with our domain, for those who know no reasons', () => {
    const sent = toServiceError(new StatusError('EXAM_NOT_FOUND', 'There is no such exam.'));
    expect(sent).toMatchObject({ code: status.NOT_FOUND, details: 'There is no such exam.' });
    const rich = Status.decode(sent.metadata.get(DETAILS)[0] as Buffer);
    expect(rich).toMatchObject({ code: status.NOT_FOUND, message: 'There is no such exam.' });
    expect(rich.details.map(({ typeUrl }) => typeUrl)).toEqual(['type.googleapis.com/google.rpc.ErrorInfo']);
    expect(ErrorInfo.decode(rich.details[0]!.value)).toEqual({
      reason: 'EXAM_NOT_FOUND',
      domain: 'probity',
      metadata: {},
    });
  });

  test('fits into 8 KiB of trailers, however much there is to say', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 200, unit: 'binary' }),
        fc.integer({ min: 50, max: 5000 }),
        (word, count) => {
          const fields = Array.from({ length: count }, (_, i) => ({
            field: `students[${i}].email`,
            problem: 'bad_format' as const,
            description: word,
          }));
          const sent = toServiceError(new StatusError('INVALID_FIELDS', word.repeat(100), { fields }));
          const bytes = (sent.metadata.get(DETAILS)[0] as Buffer).byteLength;
          expect(Math.ceil(bytes / 3) * 4 + encodeURI(sent.details).length).toBeLessThan(8000);

          const got = fromServiceError(arrived(sent)).details;
          const kept = got.fields!.length;
          expect(kept).toBeGreaterThan(0);
          expect(got.fields!.map(({ field }) => field)).toEqual(
            fields.slice(0, kept).map(({ field }) => field),
          );
          expect(Number(got.metadata?.['omittedFields'] ?? 0)).toBe(count - kept);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('survives a message that is no text', () => {
    const sent = toServiceError(new StatusError('INTERNAL', 'half a \ud83d'));
    expect(() => encodeURI(sent.details)).not.toThrow();
    expect(sent.details).toBe('half a \ufffd');
  });
});

describe('an error from elsewhere', () => {
  test.each([
    [status.NOT_FOUND, 'THING_NOT_FOUND'],
    [status.INVALID_ARGUMENT, 'VOICE_UNREADABLE'],
    [status.FAILED_PRECONDITION, 'MOON_FULL'],
    [status.RESOURCE_EXHAUSTED, 'QUOTA_SPENT'],
    [status.PERMISSION_DENIED, 'NOT_TODAY'],
    [status.UNAUTHENTICATED, 'TOKEN_STALE'],
    [status.UNAVAILABLE, 'ASLEEP'],
  ])('a reason of a newer server with code %i keeps its code, message and name', (code, reason) => {
    const got = fromServiceError(foreign(code, { reason, domain: 'probity', metadata: { a: 'b' } }));
    expect(got.code).toBe(code);
    expect(got.message).toBe('Words.');
    expect(got.details.metadata).toEqual({ a: 'b', unknownReason: reason });
  });

  test('a reason that every object has is no reason of ours', () => {
    const got = fromServiceError(
      foreign(status.NOT_FOUND, { reason: 'constructor', domain: 'probity', metadata: {} }),
    );
    expect(got.code).toBe(status.NOT_FOUND);
  });

  test('a code that is not in our table is INTERNAL', () => {
    expect(fromServiceError(foreign(99, { reason: 'X', domain: 'probity', metadata: {} })).reason).toBe(
      'INTERNAL',
    );
  });

  test('a reason of another domain is none of ours, even where the name is the same', () => {
    const got = fromServiceError(
      foreign(status.INTERNAL, { reason: 'EMAIL_TAKEN', domain: 'example.com', metadata: {} }),
    );
    expect(got).toMatchObject({ reason: 'INTERNAL', message: 'Internal error.' });
  });

  test.each([
    [status.UNAVAILABLE, '14 UNAVAILABLE: No connection established', 'CORE_UNAVAILABLE'],
    [status.RESOURCE_EXHAUSTED, 'Received message larger than max (9 vs 8)', 'MESSAGE_TOO_LARGE'],
    [status.RESOURCE_EXHAUSTED, 'Bandwidth exhausted or memory limit exceeded', 'ENGINE_OVERLOADED'],
    [status.DEADLINE_EXCEEDED, 'Deadline exceeded after 1s', 'DEADLINE_EXCEEDED'],
    [status.UNIMPLEMENTED, 'The server does not implement the method', 'UNIMPLEMENTED'],
    [status.UNKNOWN, 'secret of some proxy', 'INTERNAL'],
  ])('the transport’s own error %i “%s” is %s, in our words', (code, words, reason) => {
    const error = arrived({ code, details: words, metadata: new Metadata() });
    const got = fromServiceError(error);
    expect(got.reason).toBe(reason);
    expect(got.message).not.toContain(words);
    expect(got.cause).toBe(error);
  });

  test('damaged details do not throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const metadata = new Metadata();
        metadata.set(DETAILS, Buffer.from(bytes));
        const got = fromServiceError(arrived({ code: status.NOT_FOUND, details: '', metadata }));
        expect(got.code).toBe(status.NOT_FOUND);
      }),
    );
  });
});
