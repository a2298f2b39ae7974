import { hash } from '@node-rs/argon2';
import fc from 'fast-check';
import { createPasswords, isOutdated, passwordFault } from '../../src/identity/password.js';

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
    await passwords.verify(null, 'warm');
    const stored = await passwords.hash('correct horse');
    const cpu = async (against: string | null): Promise<number> => {
      const before = process.cpuUsage();
      for (let i = 0; i < 10; i++) expect(await passwords.verify(against, 'wrong one')).toBe(false);
      const spent = process.cpuUsage(before);
      return spent.user + spent.system;
    };
    const [known, unknown] = [await cpu(stored), await cpu(null)];
    // Loose, for a busy machine; a missing verification is a ratio of a hundred.
    expect(unknown / known).toBeGreaterThan(1 / 3);
    expect(unknown / known).toBeLessThan(3);
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
