import { insertIgnore, type Db } from '../storage/index.js';

/** What is numbered, by the table that counts it; and of what. */
const COUNTED_BY = {
  exam_numbers: 'organisation_id',
  enrolment_numbers: 'organisation_id',
  exam_event_numbers: 'exam_id',
} as const;

/**
 * Takes the next `count` numbers of an organisation, or of an exam; the first of them. The row is locked until the
 * caller's transaction ends: no gap, no repeat, and numbers are in the order of commit.
 */
export async function takeNumbers(
  tx: Db,
  counter: keyof typeof COUNTED_BY,
  of: string,
  count = 1,
): Promise<number> {
  const key = { [COUNTED_BY[counter]]: of };
  const counted = (): Promise<number> =>
    tx(counter)
      .where(key)
      .update({ last: tx.raw('?? + ?', ['last', count]) });
  if ((await counted()) === 0) {
    await insertIgnore(tx, counter, { ...key, last: 0 });
    await counted();
  }
  const row = await tx<{ last: number }>(counter).where(key).first('last');
  if (!row) throw new Error('The number that was just counted is gone.');
  return row.last - count + 1;
}
