import fc from 'fast-check';
import { formatName, matchName, parseName } from '../../src/call/index.js';

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$/);

function refusal(name: string): unknown {
  try {
    return parseName('users/{user}', name, 'user');
  } catch (error) {
    return error;
  }
}

describe('resource names', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(id, id, (exam, alert) => {
        const name = formatName('exams/{exam}/alerts/{alert}', { exam, alert });
        expect(parseName('exams/{exam}/alerts/{alert}', name, 'name')).toEqual({ exam, alert });
      }),
    );
  });

  it('never reads an id that holds a slash or anything else that is not an id', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const parts = matchName('users/{user}', `users/${text}`);
        expect(parts !== null).toBe(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$/.test(text));
        if (parts) expect(parts).toEqual({ user: text });
      }),
    );
  });

  it.each([
    'users',
    'users/',
    '/users/a',
    'users/a/',
    'users/a/b',
    'exams/a',
    'users/a\n',
    ' users/a',
    'users/..',
  ])('refuses %j as badly formatted', (name) => {
    expect(refusal(name)).toMatchObject({
      reason: 'INVALID_FIELDS',
      details: {
        fields: [{ field: 'user', problem: 'bad_format', description: 'must look like users/{user}' }],
      },
    });
  });

  it('tells an absent name as missing', () => {
    expect(refusal('')).toMatchObject({ details: { fields: [{ field: 'user', problem: 'missing' }] } });
  });

  it('does not write a name that could not be read', () => {
    expect(() => formatName('users/{user}', { user: 'a/b' })).toThrow('not an id');
    expect(() => formatName('users/{user}', { user: '' })).toThrow('not an id');
  });
});
