import type { Audit } from '../../events/index.js';
import type { Db } from '../../storage/index.js';
import { accountsByExternalIds } from '../account-store.js';
import type { Connection } from '../connection.js';
import { tombstonesOf } from './tombstone-store.js';

type Whose = Pick<Connection, 'id' | 'organisationId'>;

/** What is left of an account whose person was erased: it tells of a known id whether it is meant, by a key of ours. */
export function tombstone(
  audit: Pick<Audit, 'pseudonym'>,
  { id, organisationId }: Whose,
  personId: string,
): string {
  return audit.pseudonym(organisationId, `lms/${id}/${personId}`);
}

/** Tells which people of an LMS were erased here, and have not come back by themselves since. */
export async function readErased(
  db: Db,
  audit: Pick<Audit, 'pseudonym'>,
  connection: Whose,
): Promise<(personIds: readonly string[]) => Promise<Set<string>>> {
  const digests = await tombstonesOf(db, connection.id);
  return async (personIds) => {
    if (digests.size === 0) return new Set();
    const erased = personIds.filter((id) => digests.has(tombstone(audit, connection, id)));
    const back = await accountsByExternalIds(db, connection.id, erased);
    const returned = new Set(back.map(({ externalId }) => externalId));
    return new Set(erased.filter((id) => !returned.has(id)));
  };
}
