import { insertIgnore, type Db } from '../storage/index.js';

/** What is numbered by organisation, and the table that counts it. */
type Counter = 'exam_numbers' | 'enrolment_numbers';

/**
 * Takes the next `count` numbers of an organisation; the first of them. The row is locked until the caller's transaction
 * ends: no gap, no repeat.
 */
export async function takeNumbers(
  tx: Db,
  counter: Counter,
  organisationId: string,
  count = 1,
): Promise<number> {
  const counted = (): Promise<number> =>
    tx(counter)
      .where({ organisation_id: organisationId })
      .update({ last: tx.raw('?? + ?', ['last', count]) });
  if ((await counted()) === 0) {
    await insertIgnore(tx, counter, { organisation_id: organisationId, last: 0 });
    await counted();
  }
  const row = await tx<{ organisation_id: string; last: number }>(counter)
    .where({ organisation_id: organisationId })
    .first('last');
  if (!row) throw new Error('The number that was just counted is gone.');
  return row.last - count + 1;
}
