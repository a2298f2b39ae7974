import type { Knex } from 'knex';
import type { Db } from '../storage/index.js';
import type { Comparison, Found, Search } from './search.js';

const OPERATORS: Record<Exclude<Comparison, 'NOT_EQUAL'>, string> = {
  EQUAL: '=',
  GREATER: '>',
  GREATER_OR_EQUAL: '>=',
  LESS: '<',
  LESS_OR_EQUAL: '<=',
};

/**
 * A page of what `rows` gives, and how many there are. Its columns have the names of the searched fields: nothing of a
 * request comes into the statement but as a binding or a name of the list that it was checked against.
 */
export async function searchRows<Row extends object>(
  db: Db,
  rows: { as(alias: string): unknown },
  { conditions, order, limit, skip }: Search,
): Promise<Found<Row>> {
  const matching = db.from<Row>(rows.as('t') as Knex.QueryBuilder<Row>);
  for (const { field, comparison, value } of conditions) {
    if (comparison === 'NOT_EQUAL') {
      void matching.where((other) => void other.whereNot(field, value).orWhereNull(field));
    } else {
      void matching.where(field, OPERATORS[comparison], value);
    }
  }
  const counted = await matching.clone().count<{ total: number }[]>({ total: '*' });
  const page = (await matching
    .orderBy([
      ...order.map(({ field, descending }) => ({ column: field, order: descending ? 'desc' : 'asc' })),
      { column: 'number', order: 'asc' },
    ])
    .limit(limit)
    .offset(skip)
    .select('*')) as Row[];
  return { page, total: counted[0]?.total ?? 0 };
}
