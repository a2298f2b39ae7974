import type { Db } from '../storage/index.js';
import { accountsByExternalIds, insertAccount } from './account-store.js';
import type { Connection } from './connection.js';
import type { LmsPerson } from './launch-claims.js';
import type { ExternalAccounts } from './ports.js';

type Whose = Pick<Connection, 'id' | 'organisationId'>;

/**
 * The users who people of an LMS are, by their ids there; made, or found by their e-mail, where they are not known yet.
 * Once known, the id in the LMS says who somebody is, and their e-mail nothing any more. Null: the e-mail belongs to
 * an account that is not to be had by saying it, or to somebody else of the same LMS.
 */
export async function linkPeople(
  tx: Db,
  accounts: ExternalAccounts,
  connection: Whose,
  people: readonly LmsPerson[],
  now: number,
): Promise<Map<string, string | null>> {
  const wanted = new Map(people.map((person) => [person.externalId, person]));
  const known = await accountsByExternalIds(tx, connection.id, [...wanted.keys()]);
  const linked = new Map<string, string | null>(known.map(({ externalId, userId }) => [externalId, userId]));
  const teachers = known.filter(({ externalId }) => wanted.get(externalId)?.role === 'INSTRUCTOR');
  await accounts.promote(
    tx,
    connection.organisationId,
    teachers.map(({ userId }) => userId),
  );
  const strangers = [...wanted.values()].filter(({ externalId }) => !linked.has(externalId));
  const found = await accounts.ensure(tx, connection.organisationId, strangers, 'LMS');
  for (const [at, { externalId }] of strangers.entries()) {
    const user = found[at];
    const ours = user && (await insertAccount(tx, connection, { externalId, userId: user.id }, now));
    linked.set(externalId, ours ? user.id : null);
  }
  // A launch and a sync may meet: who was linked to the same account by the other is who we say they are.
  const lost = [...linked].filter(([, userId]) => userId === null).map(([externalId]) => externalId);
  for (const { externalId, userId } of await accountsByExternalIds(tx, connection.id, lost)) {
    linked.set(externalId, userId);
  }
  return linked;
}
