import fc from 'fast-check';
import {
  accessExpiry,
  ACCESS_TOKEN_MS,
  IDLE_MS,
  judgeRefresh,
  LOGIN_MS,
  refreshExpiry,
  type Login,
} from '../../src/identity/login.js';

const login = (refreshPolicy: Login['refreshPolicy'], beganAt = 0): Login => ({
  ...{ id: 'login', organisationId: 'UCY', userId: 'user', method: 'PASSWORD' },
  ...{ refreshPolicy, beganAt, endsAt: beganAt + LOGIN_MS, revokedAt: null },
});

describe('the times of a login', () => {
  it('never reach beyond its 12 hours', () => {
    const policy = fc.constantFrom('ROTATING' as const, 'FIXED' as const);
    fc.assert(
      fc.property(policy, fc.nat({ max: LOGIN_MS }), (refreshPolicy, now) => {
        const at = login(refreshPolicy);
        expect(accessExpiry(at, now)).toBe(Math.min(now + ACCESS_TOKEN_MS, LOGIN_MS));
        const refresh = refreshExpiry(at, now);
        expect(refresh).toBe(refreshPolicy === 'FIXED' ? LOGIN_MS : Math.min(now + IDLE_MS, LOGIN_MS));
      }),
    );
  });

  it('end what is idle for 30 minutes, unless it is fixed', () => {
    const rotating = {
      usedAt: null,
      expiresAt: refreshExpiry(login('ROTATING'), 0),
      login: login('ROTATING'),
    };
    expect(judgeRefresh(rotating, IDLE_MS - 1)).toBe('GOOD');
    expect(judgeRefresh(rotating, IDLE_MS)).toBe('EXPIRED');
    const fixed = { usedAt: null, expiresAt: refreshExpiry(login('FIXED'), 0), login: login('FIXED') };
    expect(judgeRefresh(fixed, LOGIN_MS - 1)).toBe('GOOD');
    expect(judgeRefresh(fixed, LOGIN_MS)).toBe('EXPIRED');
  });

  it('tell reuse from everything else, whenever it comes', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 * LOGIN_MS }), fc.option(fc.nat()), (now, revokedAt) => {
        const token = { usedAt: 1, expiresAt: IDLE_MS, login: { ...login('ROTATING'), revokedAt } };
        expect(judgeRefresh(token, now)).toBe('REUSED');
      }),
    );
  });
});
