import { fullName, type Student } from './answers.js';

/** Which students of an exam are shown, and in which order. */
export const FILTERS = ['ALL', 'UNDECIDED', 'APPROVAL', 'PRESENT', 'UNIDENTIFIED'] as const;
export type Filter = (typeof FILTERS)[number];
export const ORDERS = ['UNDECIDED', 'NAME'] as const;
export type Order = (typeof ORDERS)[number];

export interface Choice {
  search: string;
  filter: Filter;
  order: Order;
}

export const isPresent = ({ session }: Student): boolean => session !== null && session.leaveTime === null;

const PASSES: Record<Filter, (student: Student) => boolean> = {
  ALL: () => true,
  UNDECIDED: ({ undecided }) => undecided > 0,
  APPROVAL: ({ verification }) => verification === 'APPROVAL_REQUESTED',
  PRESENT: isPresent,
  UNIDENTIFIED: ({ verification }) => verification !== 'VERIFIED',
};

/** Without accents and case, as people search. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** The students to show. What waits for a person comes first: alerts, then requests for approval, then alerts that last. */
export function chosen(
  students: Iterable<Student>,
  { search, filter, order }: Choice,
  language: string,
): Student[] {
  const wanted = plain(search.trim());
  const compare = new Intl.Collator(language).compare;
  const byName = (a: Student, b: Student): number =>
    compare(`${a.familyName} ${a.givenName}`, `${b.familyName} ${b.givenName}`) || compare(a.email, b.email);
  const waits = ({ undecided, verification }: Student): number =>
    undecided > 0 ? 2 : verification === 'APPROVAL_REQUESTED' ? 1 : 0;
  return [...students]
    .filter((student) => PASSES[filter](student))
    .filter((student) => plain(`${fullName(student)} ${student.email}`).includes(wanted))
    .sort((a, b) => (order === 'UNDECIDED' ? waits(b) - waits(a) : 0) || byName(a, b));
}
