import type { Call } from '../../family.js';

/** "Default and maximum value is 300." */
const MOST = 300;

/** What the document says of the headers of a list. */
export const PAGE_HEADERS = {
  'X-Pagination-Item-Count': 'The total number of items.',
  'X-Pagination-Page-Count': 'The total number of pages.',
  'X-Pagination-Page': 'The current page number.',
  'X-Pagination-Limit': 'The number of items per page.',
} as const;

/** The page that is asked for, as the core counts. */
export function pageOf(query: { page?: number | undefined; limit?: number | undefined }) {
  const page = query.page ?? 1;
  const limit = Math.min(query.limit ?? MOST, MOST);
  return { page, limit, skip: (page - 1) * limit };
}

/** Says which page of how many an answer is. */
export function tellPage(call: Call, { page, limit }: ReturnType<typeof pageOf>, total: number): void {
  const values: Record<keyof typeof PAGE_HEADERS, number> = {
    'X-Pagination-Item-Count': total,
    'X-Pagination-Page-Count': Math.ceil(total / limit),
    'X-Pagination-Page': page,
    'X-Pagination-Limit': limit,
  };
  for (const [name, value] of Object.entries(values)) call.header(name, String(value));
}
