/**
 * Where the templates of a reference go, and when. Knows no database; docs/adr/0016 has the reasons.
 *
 * The server's copy is deleted only after the phone sent back what it was sent, and only that much: whatever comes
 * between, one copy of every template is left.
 */
import type { Custody } from '../biometrics/index.js';

/** What became of the latest request for a reference: a check of one step, which the phone passes by giving. */
export type RequestState =
  | 'NONE'
  | 'OPEN'
  /** The phone gave. */
  | 'PASSED'
  /** The student said no. */
  | 'FAILED'
  /** Nobody answered in time. */
  | 'EXPIRED';

/** Everything that a decision rests on. */
export interface Situation {
  custody: Custody;
  /** Templates of the reference, wherever they are. */
  templates: number;
  /** Templates in the blob that the phone was sent; null for none. */
  packedTemplates: number | null;
  request: RequestState;
  /** Whether the student sits an exam now. */
  sitting: boolean;
}

export interface Transfer {
  custody: Custody;
  packedTemplates: number | null;
  /** How the open request ends; null where it stays as it is. */
  request: 'PASSED' | 'FAILED' | null;
}

/** How a phone's answer ends. */
export type Outcome =
  /** The server has the templates, for a time. */
  | 'GIVEN'
  /** The student said no. */
  | 'DENIED'
  /** Nobody asked: the phone has shown that it has them, and the server has none. */
  | 'KEPT'
  /** Nothing was asked and nothing was sent. */
  | 'NOTHING';

export type Handed = Transfer | 'WITH_PHONE';

/** The phone wants the templates. Another blob of the same templates is as good as the first: phones repeat. */
export function handOver({ custody, templates, packedTemplates }: Situation): Handed {
  if (custody === 'PHONE') return 'WITH_PHONE';
  // What was added since the loan began is on the server only, so that the loan may not end by deleting it.
  const lent = custody === 'LENT' && packedTemplates === templates;
  return { custody: lent ? 'LENT' : 'OFFERED', packedTemplates: templates, request: null };
}

/** Whether asking the phone makes sense: it has the only copy, or has yet to show that it has one. */
export function canBeAsked(custody: Custody): boolean {
  return custody === 'PHONE' || custody === 'OFFERED';
}

/** The phone sent a blob back, which opened and is of the reference as it is now. */
export function give(situation: Situation): (Transfer & { outcome: Outcome }) | 'IN_USE' {
  const { custody, templates, request, sitting } = situation;
  const stays = { custody, packedTemplates: templates, request: null };
  if (request === 'OPEN') return { ...stays, custody: 'LENT', request: 'PASSED', outcome: 'GIVEN' };
  if (custody === 'LENT') return { ...stays, outcome: 'GIVEN' };
  if (custody === 'PHONE') return { ...stays, outcome: 'KEPT' };
  return sitting ? 'IN_USE' : { ...stays, custody: 'PHONE', outcome: 'KEPT' };
}

/** The phone sent a no. Where nobody asked it says nothing: clients send one for what they do not have. */
export function deny({ custody, packedTemplates, request }: Situation): Transfer & { outcome: Outcome } {
  const stays = { custody, packedTemplates };
  return request === 'OPEN'
    ? { ...stays, request: 'FAILED', outcome: 'DENIED' }
    : { ...stays, request: null, outcome: 'NOTHING' };
}

/** The time of a loan is over. Null: not while the student sits an exam, or there is no loan. */
export function endLoan({ custody, templates, packedTemplates, sitting }: Situation): Transfer | null {
  if (custody !== 'LENT' || sitting) return null;
  // A template was added meanwhile, which the phone does not have: the loan has become the only whole copy.
  if (packedTemplates !== templates) return { custody: 'SERVER', packedTemplates: null, request: null };
  return { custody: 'PHONE', packedTemplates, request: null };
}
