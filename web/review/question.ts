import { h } from '../lib/dom.js';
import { button, inWords, stateBox } from '../lib/page.js';
import { common } from '../lib/words.js';
import { say } from './words.js';

/** What is asked before something is done that is kept with a name. */
export interface Question {
  /** On the button that opens it. */
  open: string;
  title: string;
  text: string;
  note: { label: string; most: number; required: boolean };
  send: string;
  /** @throws Refused, Unreachable */
  answer: (note: string) => Promise<void>;
}

export function questionButton(question: Question, kind: 'first' | 'second'): HTMLElement {
  const open = button(question.open, kind);
  open.addEventListener('click', () => ask(question));
  return open;
}

/** The question over whatever is shown, with a note; the keyboard goes back to where it came from. */
function ask({ title, text, note: { label, most, required }, send: sendText, answer }: Question): void {
  const note = h('textarea', {
    ...{ id: 'question-note', maxlength: most, required, 'aria-describedby': 'question-help' },
  });
  const send = button(sendText, 'first');
  const cancel = button(common().cancel);
  const problem = h('div', { role: 'alert' });
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'question-title' },
    h('h2', { id: 'question-title' }, title),
    h('p', {}, text),
    h('div', { class: 'field' }, h('label', { for: 'question-note' }, label), note),
    h('p', { class: 'quiet small', id: 'question-help' }, say().noteHelp),
    problem,
    h('div', { class: 'actions' }, send, cancel),
  );
  dialog.addEventListener('close', () => dialog.remove());
  cancel.addEventListener('click', () => dialog.close());
  send.addEventListener('click', () => {
    if (!note.reportValidity()) return;
    send.disabled = true;
    answer(note.value.trim()).then(
      () => dialog.close(),
      (failure: unknown) => {
        send.disabled = false;
        problem.replaceChildren(stateBox('bad', inWords(failure)));
      },
    );
  });
  document.body.append(dialog);
  dialog.showModal();
}
