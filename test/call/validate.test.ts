import fc from 'fast-check';
import { z } from 'zod';
import { line, oneOf, resourceName, StatusError, validate } from '../../src/call/index.js';

const schema = z.object({
  givenName: line(1, 100),
  role: oneOf('ROLE_STUDENT', 'ROLE_ADMIN'),
  exam: resourceName('exams/{exam}'),
  students: z.array(z.object({ eMail: z.email('must be an e-mail address') })).min(1),
});

const good = { givenName: 'Ada', role: 'ROLE_STUDENT', exam: 'exams/7', students: [{ eMail: 'a@uc.pt' }] };

function fieldsOf(value: unknown, by: z.ZodType = schema) {
  try {
    validate(by, value);
  } catch (error) {
    if (error instanceof StatusError) return error.details.fields;
    throw error;
  }
  return undefined;
}

describe('validate', () => {
  it('answers the request as its schema reads it', () => {
    expect(validate(schema, good)).toEqual({ ...good, exam: { exam: '7' } });
  });

  it('tells all problems at once, in the names of the proto, missing apart from badly formatted', () => {
    const request = {
      givenName: '',
      role: 'ROLE_UNSPECIFIED',
      exam: 'exam/7',
      students: [{ eMail: 'a@uc.pt' }, { eMail: 'b' }, {}],
    };
    expect(fieldsOf(request)).toEqual([
      { field: 'given_name', problem: 'missing', description: 'is required' },
      { field: 'role', problem: 'missing', description: 'is required' },
      { field: 'exam', problem: 'bad_format', description: 'must look like exams/{exam}' },
      { field: 'students[1].e_mail', problem: 'bad_format', description: 'must be an e-mail address' },
      { field: 'students[2].e_mail', problem: 'missing', description: 'is required' },
    ]);
  });

  it('tells an empty list as missing and an unknown enum value as badly formatted', () => {
    expect(fieldsOf({ ...good, students: [], role: 'ROLE_ROOT' })).toEqual([
      { field: 'role', problem: 'bad_format', description: 'must be one of ROLE_STUDENT, ROLE_ADMIN' },
      { field: 'students', problem: 'missing', description: 'is required' },
    ]);
  });

  it('names the member of a oneof, which has no name of its own on the wire', () => {
    const probe = z.object({
      probe: z.discriminatedUnion('$case', [
        z.object({
          $case: z.literal('faceImage'),
          value: z.instanceof(Uint8Array).refine((b) => b.length > 0),
        }),
        z.object({ $case: z.literal('template'), value: z.instanceof(Uint8Array) }),
      ]),
    });
    const empty = { probe: { $case: 'faceImage', value: new Uint8Array() } };
    expect(fieldsOf(empty, probe)).toMatchObject([{ field: 'face_image', problem: 'missing' }]);
  });

  it('lets a rule say that something is taken', () => {
    const taken = z.string().superRefine((_, ctx) => {
      ctx.addIssue({ code: 'custom', message: 'is registered', params: { problem: 'already_exists' } });
    });
    expect(fieldsOf({ email: 'a' }, z.object({ email: taken }))).toMatchObject([
      { problem: 'already_exists' },
    ]);
  });

  it('has one entry a field, and a name for each, whatever comes in', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const fields = fieldsOf(value) ?? [];
        expect(new Set(fields.map((f) => f.field)).size).toBe(fields.length);
        if (Object.prototype.toString.call(value) !== '[object Object]')
          expect(fields.length).toBeGreaterThan(0);
      }),
    );
    fc.assert(
      fc.property(
        fc.record({
          givenName: fc.anything(),
          role: fc.anything(),
          exam: fc.anything(),
          students: fc.anything(),
        }),
        (value) => {
          for (const { field, description } of fieldsOf(value) ?? []) {
            expect(field).toMatch(/^(given_name|role|exam|students(\[\d+\](\.e_mail)?)?)$/);
            expect(description).not.toBe('');
          }
        },
      ),
    );
  });
});

describe('line', () => {
  const name = line(1, 5);

  it('trims and composes', () => {
    expect(name.parse(' Zoe\u0301 ')).toBe('Zo\u00e9');
  });

  it('counts code points, not UTF-16 units', () => {
    expect(name.safeParse('\u{1f600}'.repeat(5)).success).toBe(true);
    expect(name.safeParse('\u{1f600}'.repeat(6)).success).toBe(false);
  });

  it.each(['', ' ', 'abcdef', 'a\nb', 'a\0b', 'a\u202eb', 'a\u200bb', '\ud800'])('refuses %j', (text) => {
    expect(name.safeParse(text).success).toBe(false);
  });

  it('reads its own output back unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 8 }), (text) => {
        const read = name.safeParse(text);
        if (read.success) expect(name.parse(read.data)).toBe(read.data);
      }),
    );
  });
});
