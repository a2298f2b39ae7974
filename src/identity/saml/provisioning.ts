import { randomUUID } from 'node:crypto';
import type { Audit } from '../../events/index.js';
import type { Db } from '../../storage/index.js';
import { mayBeClaimed } from '../external-accounts.js';
import * as users from '../store.js';
import type { User } from '../types.js';
import { accountsOfUser, userOfAccount } from './account-store.js';
import { linkAccount } from './linking.js';
import type { Person } from './person.js';
import type { IdentityProvider, MappedRole, Provisioning } from './provider.js';

/** Roles that a policy makes accounts for. */
const MAKES: Record<Provisioning, readonly MappedRole[]> = {
  OFF: [],
  STUDENTS: ['STUDENT'],
  ALL: ['STUDENT', 'INSTRUCTOR'],
};

/** Why somebody does not come in. CONFLICT: what may be somebody else's account has the e-mail. `why` is for the log. */
export interface Refusal {
  refused: 'CONFLICT' | 'NOT_ADMITTED';
  why: string;
}

/**
 * The user whom a provider means. An account is found by (provider, external id) and by nothing else (ASVS 6.8.1). An
 * e-mail leads to an account only where that may be claimed by another system's word, and where no provider knows whose
 * it is. Whoever has more to lose is linked by an ADMIN.
 * @throws what a first visit at the same moment makes of it: a unique violation or VERSION_CONFLICT, to be done again
 */
export async function admit(
  tx: Db,
  { audit, clock }: { audit: Audit; clock: { now(): number } },
  provider: IdentityProvider,
  person: Person,
): Promise<{ user: User } | Refusal> {
  const { id: providerId, organisationId } = provider;
  const { externalId, email } = person;
  const known = await userOfAccount(tx, { providerId, externalId });
  if (known !== null) {
    const user = await users.userById(tx, organisationId, known);
    return user ? { user } : { refused: 'NOT_ADMITTED', why: 'the account is of another organisation' };
  }

  if (email === null) return { refused: 'NOT_ADMITTED', why: 'no e-mail in the assertion' };
  const claimable = async () => (await users.usersToClaim(tx, organisationId, [email]))[0];
  const before = await claimable();
  // Once more behind the lock: a password may have come, or somebody else's first visit.
  const found = before && (await users.lockUser(tx, organisationId, before.user.id)) && (await claimable());
  if (found) {
    const { user } = found;
    if (!mayBeClaimed(found, person.role ?? 'STUDENT')) {
      return { refused: 'CONFLICT', why: 'the e-mail is of staff or of an account with a password' };
    }
    const accounts = await accountsOfUser(tx, user.id);
    // Somebody's other first visit was at the same moment, and came first.
    const linked = accounts.some((each) => each.providerId === providerId && each.externalId === externalId);
    if (accounts.length > 0 && !linked) {
      return { refused: 'CONFLICT', why: 'the e-mail is of somebody whom a provider knows by another id' };
    }
    if (!linked) await link(user);
    return { user };
  }

  const { givenName, familyName, role } = person;
  if (role === null) return { refused: 'NOT_ADMITTED', why: 'no affiliation has a role' };
  if (!MAKES[provider.provisioning].includes(role)) {
    return { refused: 'NOT_ADMITTED', why: `the policy makes no ${role}` };
  }
  if (givenName === null || familyName === null) {
    return { refused: 'NOT_ADMITTED', why: 'no given and family name in the assertion' };
  }
  const user: User = {
    ...{ id: randomUUID(), organisationId, email, givenName, familyName, role, createdAt: clock.now() },
  };
  await users.insertUser(tx, user, null, 'SSO');
  await audit.record(tx, {
    ...{ organisationId, actor: null, subject: user.id, action: 'user.created' },
    ...{ target: `identity-provider/${providerId}`, details: { role } },
  });
  await link(user);
  return { user };

  function link({ id: userId }: User): Promise<void> {
    return linkAccount(tx, { audit, clock }, provider, { externalId, userId, actor: null });
  }
}
