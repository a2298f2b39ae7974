/** How a condition compares a field with its value. */
export type Comparison = 'EQUAL' | 'NOT_EQUAL' | 'GREATER' | 'GREATER_OR_EQUAL' | 'LESS' | 'LESS_OR_EQUAL';

/** A condition whose value is of its field's kind: text, a number, UTC milliseconds, or 0 and 1. */
export interface Condition {
  field: string;
  comparison: Comparison;
  value: string | number;
}

/** What is asked of a list whose pages are counted. */
export interface Search {
  /** All must hold. */
  conditions: readonly Condition[];
  /** The first counts most; the number decides between equals. */
  order: readonly { field: string; descending: boolean }[];
  limit: number;
  skip: number;
}

/** One page, and how many there are on all of them. */
export interface Found<T> {
  page: T[];
  total: number;
}

/** What kind of value a field has; an enum by the prefix and the values it has in the contract. */
export type FieldKind = 'text' | 'number' | 'time' | 'flag' | { prefix: string; values: readonly string[] };

/** By the fields' names in the contract, which are the columns' names where a store searches. */
export const EXAM_FIELDS = {
  number: 'number',
  display_name: 'text',
  type: { prefix: 'EXAM_TYPE_', values: ['ORAL', 'WRITTEN'] },
  state: { prefix: 'EXAM_STATE_', values: ['UPCOMING', 'STARTED', 'COMPLETED'] },
  schedule_time: 'time',
  duration: 'number',
  create_time: 'time',
  update_time: 'time',
  start_time: 'time',
  end_time: 'time',
} as const satisfies Record<string, FieldKind>;

export const ENROLMENT_FIELDS = {
  number: 'number',
  exam: 'number',
  display_name: 'text',
  email: 'text',
  external_id: 'text',
  state: { prefix: 'ENROLMENT_STATE_', values: ['ENROLLED', 'ENTERING', 'LAPSED', 'JOINED', 'LEFT'] },
  skip_requirements: 'flag',
  open_time: 'time',
  create_time: 'time',
  update_time: 'time',
  join_time: 'time',
  leave_time: 'time',
} as const satisfies Record<string, FieldKind>;
