import type * as Argon2 from '@node-rs/argon2';
import { hash, verify } from '@node-rs/argon2';
import fc from 'fast-check';
import { createPasswords, isOutdated, passwordFault } from '../../src/identity/password.js';

// The real library, which also tells what it was asked.
jest.mock('@node-rs/argon2', () => {
  const real = jest.requireActual<typeof Argon2>('@node-rs/argon2');
  return { ...real, verify: jest.fn(real.verify) };
});

describe('passwords', () => {
  const passwords = createPasswords();

  it('are kept as argon2id with the OWASP parameters', async () => {
    const stored = await passwords.hash('correct horse');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(isOutdated(stored)).toBe(false);
    expect(await passwords.verify(stored, 'correct horse')).toBe(true);
    expect(await passwords.verify(stored, 'correct Horse')).toBe(false);
  });

  it('are the same from every keyboard', async () => {
    const stored = await passwords.hash('gr\u00fc\u00dfe \ufb01n');
    expect(await passwords.verify(stored, 'gru\u0308\u00dfe fin')).toBe(true);
  });

  it('are hashed anew when the parameters have changed', async () => {
    for (const cost of [{ memoryCost: 8_192 }, { timeCost: 3 }, { algorithm: 1 }]) {
      const stored = await hash('correct horse', {
        memoryCost: 19_456,
        timeCost: 2,
        parallelism: 1,
        ...cost,
      });
      expect(isOutdated(stored)).toBe(true);
    }
  });

  it('are refused where there is no hash, but only after the work of one', async () => {
    const stored = await passwords.hash('correct horse');
    const worked = async (against: string | null): Promise<string[]> => {
      jest.mocked(verify).mockClear();
      expect(await passwords.verify(against, 'wrong one')).toBe(false);
      expect(jest.mocked(verify).mock.calls.map(([, password]) => password)).toEqual(['wrong one']);
      return jest.mocked(verify).mock.calls.map(([hashed]) => String(hashed));
    };
    expect(await worked(stored)).toEqual([stored]);
    // What argon2 costs follows from the parameters in the hash: those of today, and the password of nobody known.
    const [dummy, another] = [await worked(null), await worked(null)];
    expect(dummy.map(isOutdated)).toEqual([false]);
    expect(another).toEqual(dummy);
    expect(dummy).not.toContain(stored);
  });

  it('wait their turn, and are turned away when too many wait', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 100 }, () => passwords.verify(null, 'guess')),
    );
    const refused = tries.filter((tried) => tried.status === 'rejected');
    expect(refused).toHaveLength(100 - 2 - 64);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ reason: 'ENGINE_OVERLOADED', details: { retryAfterMs: 1_000 } });
    }
  });
});

describe('a new password', () => {
  it('needs 8 to 128 characters and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 140, size: 'max' }), (text) => {
        const length = Array.from(text).length;
        expect(passwordFault(text, 'ada@example.org') === null).toBe(length >= 8 && length <= 128);
      }),
    );
  });

  it('is not the e-mail address, however it is written', () => {
    for (const text of ['ada@example.org', 'ADA@Example.ORG', ' ada@example.org ', '\uff41da@example.org']) {
      expect(passwordFault(text, 'ada@example.org')).toBe('must not be the e-mail address');
    }
    expect(passwordFault('ada@example.orG!', 'ada@example.org')).toBeNull();
  });
});
