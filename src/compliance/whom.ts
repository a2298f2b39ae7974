import { StatusError, type Principal } from '../call/index.js';
import type { Db } from '../storage/index.js';
import type { SubjectDirectory } from './subject.js';

/**
 * The id of the user that a name means: the caller themselves, or for an ADMIN anyone of their organisation.
 *
 * @throws StatusError USER_NOT_FOUND, which does not tell whether somebody else's id exists
 */
export async function findUser(
  db: Db,
  directory: SubjectDirectory,
  caller: Principal,
  { user }: { user: string },
): Promise<string> {
  if (user === 'me' || user === caller.userId) return caller.userId;
  if (caller.role === 'ADMIN') {
    const [found] = await directory.byIds(db, caller.organisationId, [user]);
    if (found) return found.id;
  }
  throw new StatusError('USER_NOT_FOUND', 'There is no such user.', {
    resource: { type: 'probity.identity.v1.User', name: `users/${user}` },
  });
}
