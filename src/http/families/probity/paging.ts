/** A page of a query, as the core is asked for it: 0 and an empty token are its defaults. */
export function paging(query: { pageSize?: number | undefined; pageToken?: string | undefined }) {
  return { pageSize: query.pageSize ?? 0, pageToken: query.pageToken ?? '' };
}
