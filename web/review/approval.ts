import { h } from '../lib/dom.js';
import { button, inWords, stateBox } from '../lib/page.js';
import { common } from '../lib/words.js';
import type { App } from './app.js';
import type { Student } from './answers.js';
import { say } from './words.js';

interface Question {
  open: string;
  title: string;
  text: string;
  send: string;
  approve: boolean;
}

/** Buttons for what staff may decide about a student's identity now. */
export function approvalActions(
  app: App,
  exam: string,
  student: Student,
  decided: (student: Student) => void,
): HTMLElement {
  const { verification, method } = student;
  const approve = {
    approve: true,
    open: say().approve,
    title: say().approveTitle,
    text: say().approveText,
    send: say().approveDo,
  };
  const decline = {
    approve: false,
    open: say().decline,
    title: say().declineTitle,
    text: say().declineText,
    send: say().declineDo,
  };
  const withdraw = {
    approve: false,
    open: say().withdraw,
    title: say().withdrawTitle,
    text: say().withdrawText,
    send: say().withdrawDo,
  };
  const questions: Question[] =
    verification === 'APPROVAL_REQUESTED'
      ? [approve, decline]
      : verification !== 'VERIFIED'
        ? [approve]
        : method === 'STAFF'
          ? [withdraw]
          : [];
  return h(
    'div',
    { class: 'actions' },
    ...questions.map((question, place) => {
      const open = button(
        question.open,
        place === 0 && verification === 'APPROVAL_REQUESTED' ? 'first' : 'second',
      );
      open.addEventListener('click', () => ask(app, exam, student, question, decided));
      return open;
    }),
  );
}

/** The question over whatever is shown, with a note; the keyboard goes back to where it came from. */
function ask(
  app: App,
  exam: string,
  student: Student,
  { title, text, send: sendText, approve }: Question,
  decided: (student: Student) => void,
): void {
  const note = h('textarea', { id: 'approval-note', maxlength: 2000, 'aria-describedby': 'approval-help' });
  const send = button(sendText, 'first');
  const cancel = button(common().cancel);
  const problem = h('div', { role: 'alert' });
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'approval-title' },
    h('h2', { id: 'approval-title' }, title),
    h('p', {}, text),
    h('div', { class: 'field' }, h('label', { for: 'approval-note' }, say().note), note),
    h('p', { class: 'quiet small', id: 'approval-help' }, say().noteHelp),
    problem,
    h('div', { class: 'actions' }, send, cancel),
  );
  dialog.addEventListener('close', () => dialog.remove());
  cancel.addEventListener('click', () => dialog.close());
  send.addEventListener('click', () => {
    send.disabled = true;
    const path = `${exam}/students/${student.user.split('/')[1] ?? ''}/approval`;
    app.api.post<Student>(path, { approve, note: note.value.trim() }).then(
      (changed) => {
        dialog.close();
        decided(changed);
      },
      (failure: unknown) => {
        send.disabled = false;
        problem.replaceChildren(stateBox('bad', inWords(failure)));
      },
    );
  });
  document.body.append(dialog);
  dialog.showModal();
}
