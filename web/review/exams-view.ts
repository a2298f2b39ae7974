import { h } from '../lib/dom.js';
import { button } from '../lib/page.js';
import type { App } from './app.js';
import { idOf, type ExamInList } from './answers.js';
import { KeyedList } from './keyed.js';
import { pill } from './status.js';
import { when } from './when.js';
import { say } from './words.js';

/** The exams that somebody reviews. */
export async function examsView({ api, stage, frame }: App, signal: AbortSignal): Promise<void> {
  const exams: ExamInList[] = [];
  const list = new KeyedList(h('ul', { class: 'rows' }));
  const more = button(say().more);
  const none = h('p', { class: 'quiet' }, say().examsNone);
  let pageToken = '';
  const load = async (): Promise<void> => {
    const query: Record<string, string> = pageToken === '' ? {} : { pageToken };
    const page = await api.get<{ exams: ExamInList[]; nextPageToken: string }>('exams', { query, signal });
    exams.push(...page.exams);
    pageToken = page.nextPageToken;
    list.show(exams.map((each) => ({ key: each.exam.name, from: each, make: () => row(each) })));
    none.hidden = exams.length > 0;
    more.hidden = pageToken === '';
  };
  await load();
  more.addEventListener('click', () => void load());
  frame.about(say().title);
  stage.show(say().examsTitle, none, list.element, h('div', { class: 'actions' }, more));
}

function row({ exam, undecided, approvalRequests }: ExamInList): HTMLElement {
  const { state } = exam;
  return h(
    'li',
    { class: 'row' },
    h(
      'div',
      {},
      h('a', { class: 'whole', href: `#/exams/${idOf(exam.name)}` }, exam.displayName),
      h(
        'p',
        { class: 'quiet' },
        [state && say().examState(state), when(exam.startTime ?? exam.scheduleTime)]
          .filter(Boolean)
          .join(' · '),
      ),
    ),
    h(
      'div',
      { class: 'pills' },
      undecided > 0
        ? pill('warn', 'alert', say().toDecide(undecided))
        : pill('plain', 'check', say().nothingToDecide),
      approvalRequests > 0 && pill('warn', 'alert', say().approvals(approvalRequests)),
    ),
  );
}
