import { StatusError } from '../../call/index.js';
import type { Audit } from '../../events/index.js';
import type { Db } from '../../storage/index.js';
import { accountsByExternalIds } from '../account-store.js';
import type { Connection } from '../connection.js';
import { tombstonesOf } from './tombstone-store.js';

type Whose = Pick<Connection, 'id' | 'organisationId'>;
type Pseudonyms = Pick<Audit, 'pseudonym'>;

/** What is left of an account whose person was erased: it tells of a known id whether it is meant, by a key of ours. */
export function tombstone(audit: Pseudonyms, { id, organisationId }: Whose, personId: string): string {
  return audit.pseudonym(organisationId, `lms/${id}/${personId}`);
}

/** When people of an LMS were erased here, by their ids there; those only who were. UTC milliseconds. */
async function erasures(
  db: Db,
  audit: Pseudonyms,
  connection: Whose,
  personIds: readonly string[],
): Promise<Map<string, number>> {
  const people = new Map(personIds.map((id) => [tombstone(audit, connection, id), id]));
  const found = await tombstonesOf(db, connection.id, [...people.keys()]);
  return new Map([...found].map(([digest, at]) => [people.get(digest) ?? '', at]));
}

/** Those who were erased here and have not come back by themselves since. */
export async function erasedOf(
  db: Db,
  audit: Pseudonyms,
  connection: Whose,
  personIds: readonly string[],
): Promise<Set<string>> {
  return stillErased(db, connection, await erasures(db, audit, connection, personIds));
}

async function stillErased(db: Db, { id }: Whose, erased: ReadonlyMap<string, number>): Promise<Set<string>> {
  const back = await accountsByExternalIds(db, id, [...erased.keys()]);
  const returned = new Set(back.map(({ externalId }) => externalId));
  return new Set([...erased.keys()].filter((personId) => !returned.has(personId)));
}

/**
 * Does something in a transaction for people of an LMS, those left out who were erased here. An erasure meanwhile wins:
 * what was done for them is not to be committed.
 * @throws StatusError VERSION_CONFLICT where somebody was erased meanwhile
 */
export async function withoutErased<T>(
  tx: Db,
  audit: Pseudonyms,
  connection: Whose,
  personIds: readonly string[],
  work: (erased: ReadonlySet<string>) => Promise<T>,
): Promise<T> {
  const before = await erasures(tx, audit, connection, personIds);
  const done = await work(await stillErased(tx, connection, before));
  const after = await erasures(tx, audit, connection, personIds);
  if ([...after].some(([personId, at]) => before.get(personId) !== at)) throw erasedMeanwhile();
  return done;
}

/**
 * That nobody of those who were not erased before has been since: the last step of a transaction.
 * @throws StatusError VERSION_CONFLICT
 */
export async function requireNoneErased(
  tx: Db,
  audit: Pseudonyms,
  connection: Whose,
  personIds: readonly string[],
): Promise<void> {
  if ((await erasedOf(tx, audit, connection, personIds)).size > 0) throw erasedMeanwhile();
}

function erasedMeanwhile(): StatusError {
  return new StatusError('VERSION_CONFLICT', 'Somebody was erased in the meantime.');
}
