import { h, icon, type Icon } from '../lib/dom.js';
import type { Student } from './answers.js';
import { isPresent } from './choice.js';
import { alertWords, say } from './words.js';

type Tone = 'good' | 'warn' | 'plain';

/** A short state: a sign, a word and a colour. */
export function pill(tone: Tone, sign: Icon, text: string): HTMLElement {
  return h('span', { class: `pill ${tone}` }, icon(sign), h('span', {}, text));
}

/** Where a student is. */
export function statusPill(student: Student): HTMLElement {
  const { verification, method, session } = student;
  if (verification === 'APPROVAL_REQUESTED') return pill('warn', 'alert', say().waiting);
  if (student.admission === 'PAUSED')
    return pill('warn', 'alert', say().paused(student.admissionReason ?? 'NONE'));
  if (isPresent(student)) return pill('good', 'check', say().present);
  if (verification === 'VERIFIED') {
    return pill('good', 'check', method === 'STAFF' ? say().approvedByStaff : say().identified);
  }
  return pill('plain', 'dots', session ? say().left : say().notIdentified);
}

/** Alerts of a student that wait for a decision, by kind and number; otherwise that none does. */
export function alertSummary({ alerts, undecided }: Student): HTMLElement {
  if (undecided === 0) {
    const all = alerts.reduce((sum, { count }) => sum + count, 0);
    return h('p', { class: 'quiet alerts' }, all === 0 ? say().noAlerts : say().allDecided(all));
  }
  const kinds = alerts.flatMap((each) => {
    if (each.undecided === 0) return [];
    const words = say().countOf(alertWords(each.type), each.undecided);
    return h('li', {}, each.open > 0 ? `${words}, ${say().lasts}` : words);
  });
  return h(
    'div',
    { class: 'alerts' },
    pill('warn', 'alert', say().toDecide(undecided)),
    h('ul', { class: 'kinds' }, ...kinds),
  );
}
