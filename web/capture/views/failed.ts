import { passes, Refused } from '../../lib/api.js';
import { h } from '../../lib/dom.js';
import { signInLink } from '../../lib/entrance.js';
import { button, failedContent, pressed, stateBox } from '../../lib/page.js';
import { common } from '../../lib/words.js';
import type { App } from '../app.js';
import { say } from '../words.js';

const RETRY_MS = 5_000;

/** A step could not go on: why, and another try, by hand or by itself. */
export async function failed(
  { session, shell, pulse }: App,
  failure: unknown,
  signal: AbortSignal,
): Promise<void> {
  const { stage } = shell;
  const again = button(common().again, 'first');
  const status = failure instanceof Refused ? failure.status : 0;
  if (status === 401) {
    const link = session.launch === null && h('p', {}, signInLink());
    stage.show(say().loginOverTitle, h('p', {}, say().loginOverText), link);
  } else if (status === 404) stage.show(common().failedTitle, stateBox('bad', say().examGoneText));
  else stage.show(...failedContent(failure, again));
  // What passes is tried again by itself: the student may be looking at the exam.
  await Promise.race([pressed(signal, again), ...(passes(failure) ? [pulse.wait(RETRY_MS, signal)] : [])]);
}
