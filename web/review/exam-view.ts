import { h, tell } from '../lib/dom.js';
import { language } from '../lib/i18n.js';
import type { App } from './app.js';
import { fullName, idOf, type Student } from './answers.js';
import { chosen, FILTERS, isPresent, ORDERS, type Choice } from './choice.js';
import { KeyedList } from './keyed.js';
import type { ExamModel } from './model.js';
import { alertSummary, statusPill } from './status.js';
import { say } from './words.js';

/** Students of an exam as they now are, those first that wait for a person. */
export function examView({ stage, frame, choice }: App, model: ExamModel, signal: AbortSignal): void {
  const summary = h('p', { class: 'summary' });
  const list = new KeyedList(h('ul', { class: 'rows', 'aria-label': say().studentsLabel }));
  const none = h('p', { class: 'quiet' });

  const show = (): void => {
    const all = [...model.students.values()];
    const undecided = all.reduce((sum, student) => sum + student.undecided, 0);
    tell(summary, say().summary(undecided, all.filter(isPresent).length, all.length));
    const found = chosen(all, choice, language());
    list.show(
      found.map((student) => ({ key: student.user, from: shown(student), make: () => row(model, student) })),
    );
    none.hidden = found.length > 0;
    tell(none, all.length === 0 ? say().studentsNone : say().studentsNoMatch);
  };

  frame.about(model.exam.displayName);
  stage.show(
    model.exam.displayName,
    h('div', { class: 'line' }, summary, frame.live(model, signal)),
    controls(choice, show),
    none,
    list.element,
    h('p', { class: 'actions' }, h('a', { href: '#/' }, say().backToExams)),
  );
  show();
  const stop = model.onChange((change) => {
    if (change.event !== 'live' && change.event !== 'lost') show();
  });
  signal.addEventListener('abort', stop);
}

/** What of a student a row shows: anything else is no reason to make it anew. */
function shown(student: Student): unknown {
  const { givenName, familyName, email, verification, method, admission, admissionReason, session, alerts } =
    student;
  return {
    givenName,
    familyName,
    email,
    verification,
    method,
    admission,
    admissionReason,
    session: session && [session.joinTime, session.leaveTime],
    alerts,
  };
}

function row(model: ExamModel, student: Student): HTMLElement {
  const to = `#/exams/${idOf(model.exam.name)}/students/${idOf(student.user)}`;
  return h(
    'li',
    { class: student.undecided > 0 ? 'row urgent' : 'row' },
    h(
      'div',
      {},
      h('a', { class: 'whole', href: to }, fullName(student)),
      h('p', { class: 'quiet' }, student.email),
      h('div', { class: 'pills' }, statusPill(student)),
    ),
    alertSummary(student),
  );
}

function controls(choice: Choice, changed: () => void): HTMLElement {
  const search = h('input', { id: 'search', type: 'search', value: choice.search, autocomplete: 'off' });
  search.addEventListener('input', () => {
    choice.search = search.value;
    changed();
  });
  const filter = select('filter', FILTERS, choice.filter, (of) => say().filters(of));
  filter.addEventListener('change', () => {
    choice.filter = filter.value as Choice['filter'];
    changed();
  });
  const order = select('order', ORDERS, choice.order, (of) => say().sorts(of));
  order.addEventListener('change', () => {
    choice.order = order.value as Choice['order'];
    changed();
  });
  const field = (label: string, control: HTMLElement): HTMLElement =>
    h('div', { class: 'field' }, h('label', { for: control.id }, label), control);
  return h(
    'div',
    { class: 'controls', role: 'search' },
    field(say().search, search),
    field(say().filter, filter),
    field(say().sort, order),
  );
}

function select<W extends string>(
  id: string,
  of: readonly W[],
  chosenOne: W,
  words: (one: W) => string,
): HTMLSelectElement {
  return h(
    'select',
    { id },
    ...of.map((one) => h('option', { value: one, selected: one === chosenOne }, words(one))),
  );
}
