import { h } from '../lib/dom.js';
import { button, inWords, stateBox } from '../lib/page.js';
import { common } from '../lib/words.js';
import type { App } from './app.js';
import { say } from './words.js';

/** Asks staff to confirm who the student is, and waits for them. @throws Refused, Unreachable */
export async function askStaff(app: App, note: string): Promise<void> {
  await app.api.post(`exams/${app.exam}/approval-request`, { note });
  app.wait(true);
}

/** The way without a camera, over whatever is shown. */
export function approvalDialog(app: App): void {
  const note = h('textarea', { id: 'note', maxlength: 500 });
  const send = button(say().approvalSend, 'first');
  const cancel = button(common().cancel);
  const problem = h('div', { role: 'alert' });
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'approval-title' },
    h('h2', { id: 'approval-title' }, say().approvalTitle),
    h('p', {}, say().approvalText),
    h('div', { class: 'field' }, h('label', { for: 'note' }, say().approvalNote), note),
    problem,
    h('div', { class: 'actions' }, send, cancel),
  );
  dialog.addEventListener('close', () => dialog.remove());
  cancel.addEventListener('click', () => dialog.close());
  send.addEventListener('click', () => {
    askStaff(app, note.value.trim()).then(
      () => {
        dialog.close();
        app.again();
      },
      (failure: unknown) => problem.replaceChildren(stateBox('bad', inWords(failure))),
    );
  });
  document.body.append(dialog);
  dialog.showModal();
}
