import type { App } from './app.js';
import type { Replacement, Student } from './answers.js';
import { questionButton } from './question.js';
import { say } from './words.js';

/** The most that a reason may have. */
const MOST_REASON = 500;

/** The button that lets the student's face be enrolled anew; `allowed` hears until when. */
export function replacementButton(
  app: App,
  { user }: Student,
  allowed: (until: string | null) => void,
): HTMLElement {
  const question = {
    open: say().anew,
    title: say().anewTitle,
    text: say().anewText,
    note: { label: say().anewReason, most: MOST_REASON, required: true },
    send: say().anewDo,
    async answer(reason: string) {
      const path = `${user}/references/FACE/replacement`;
      allowed((await app.api.post<Replacement>(path, { reason })).expireTime);
    },
  };
  return questionButton(question, 'second');
}
