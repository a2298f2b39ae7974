import { StatusError } from '../call/index.js';
import type { Audit } from '../events/index.js';
import { again, type Storage } from '../storage/index.js';
import { linkPeople } from './accounts.js';
import { examOfActivity } from './activities.js';
import type { Launch } from './launch-claims.js';
import type { Directory, ExternalAccounts, Provisioning } from './ports.js';
import type { SignedToken } from './signed-token.js';
import { useToken } from './token-store.js';

export interface Launched {
  userId: string;
  /** Its number in the organisation. */
  exam: number;
}

/**
 * Makes true what a launch says, all of it or nothing, and uses its token up: who they are, the exam, and their part in it.
 * @throws StatusError LAUNCH_USED, ACCOUNT_CONFLICT
 */
export async function provision(
  dependencies: {
    storage: Storage;
    audit: Audit;
    directory: Directory;
    externalAccounts: ExternalAccounts;
    exams: Provisioning;
    clock: { now(): number };
  },
  { connection, jti, expiresAt }: Pick<SignedToken, 'connection' | 'jti' | 'expiresAt'>,
  launch: Launch,
): Promise<Launched> {
  const { storage, audit, directory, externalAccounts, exams, clock } = dependencies;
  const { person, activity, limitMs, policy } = launch;
  const { organisationId } = connection;
  return again(() =>
    storage.transaction(async (tx) => {
      const now = clock.now();
      if (!(await useToken(tx, { connectionId: connection.id, jti, expiresAt }))) {
        throw new StatusError('LAUNCH_USED', 'This way in was used before. Open it again from the course.');
      }
      const userId = (await linkPeople(tx, externalAccounts, connection, [person], now)).get(
        person.externalId,
      );
      const [user] = userId ? await directory.byIds(tx, organisationId, [userId]) : [];
      if (!user) throw conflict();
      const teaches = person.role === 'INSTRUCTOR';
      const known = teaches ? launch.span : null;
      const { exam, span } = await examOfActivity(tx, exams, connection, activity, known, now);
      if (teaches) await exams.appoint(tx, exam, user.id);
      else {
        const { opensAt: openAt, closesAt: closeAt } = launch.span;
        await exams.enrol(tx, exam, [
          { person: user, externalId: person.externalId, openAt, closeAt, limitMs },
        ]);
      }
      await exams.keep(tx, exam.id, { displayName: activity.name, span, policy });
      await audit.record(tx, {
        ...{
          organisationId,
          actor: user.id,
          subject: user.id,
          action: 'lms.launched',
          target: `exam/${exam.id}`,
        },
        details: { connection: connection.id, activity: activity.id, role: person.role },
      });
      return { userId: user.id, exam: exam.number };
    }),
  );
}

/** Nobody is told whose account it is, or that it has a password. */
function conflict(): StatusError {
  return new StatusError(
    'ACCOUNT_CONFLICT',
    'Your e-mail belongs to an account here that the course site may not open. The administration can help.',
  );
}
