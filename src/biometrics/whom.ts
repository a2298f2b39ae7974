import { StatusError, type Principal } from '../call/index.js';
import type { Db } from '../storage/index.js';
import type { Subject, SubjectDirectory } from './ports.js';

/**
 * Whose biometrics a name means: the caller's own, or for staff anyone's of their organisation.
 *
 * @throws StatusError USER_NOT_FOUND, which does not tell a student whether somebody else's id exists
 */
export async function findSubject(
  db: Db,
  directory: SubjectDirectory,
  caller: Principal,
  user: string,
): Promise<Subject> {
  const { organisationId } = caller;
  if (user === 'me' || user === caller.userId) return { userId: caller.userId, organisationId };
  if (caller.role !== 'STUDENT') {
    const [found] = await directory.byIds(db, organisationId, [user]);
    if (found) return { userId: found.id, organisationId };
  }
  throw noSuchUser(user);
}

/** @throws StatusError USER_NOT_FOUND where the user was erased while the call was under way */
export async function requireSubject(tx: Db, directory: SubjectDirectory, subject: Subject): Promise<void> {
  const [found] = await directory.byIds(tx, subject.organisationId, [subject.userId]);
  if (!found) throw noSuchUser(subject.userId);
}

function noSuchUser(user: string): StatusError {
  return new StatusError('USER_NOT_FOUND', 'There is no such user.', {
    resource: { type: 'probity.identity.v1.User', name: `users/${user}` },
  });
}
