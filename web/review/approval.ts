import type { App } from './app.js';
import { idOf, type Student } from './answers.js';
import { questionButton, type Question } from './question.js';
import { say } from './words.js';

/** The most that a note may have. */
const MOST_NOTE = 2000;

/** Buttons for what staff may decide about a student's identity now. */
export function approvalButtons(
  app: App,
  exam: string,
  student: Student,
  decided: (student: Student) => void,
): HTMLElement[] {
  const { verification, method } = student;
  const asks = (approve: boolean, words: Pick<Question, 'open' | 'title' | 'text' | 'send'>): Question => ({
    ...words,
    note: { label: say().note, most: MOST_NOTE, required: false },
    async answer(note) {
      const path = `${exam}/students/${idOf(student.user)}/approval`;
      decided(await app.api.post<Student>(path, { approve, note }));
    },
  });
  const approve = asks(true, {
    open: say().approve,
    title: say().approveTitle,
    text: say().approveText,
    send: say().approveDo,
  });
  const decline = asks(false, {
    open: say().decline,
    title: say().declineTitle,
    text: say().declineText,
    send: say().declineDo,
  });
  const withdraw = asks(false, {
    open: say().withdraw,
    title: say().withdrawTitle,
    text: say().withdrawText,
    send: say().withdrawDo,
  });
  const requested = verification === 'APPROVAL_REQUESTED';
  const questions = requested
    ? [approve, decline]
    : verification !== 'VERIFIED'
      ? [approve]
      : method === 'STAFF'
        ? [withdraw]
        : [];
  return questions.map((question, place) =>
    questionButton(question, requested && place === 0 ? 'first' : 'second'),
  );
}
