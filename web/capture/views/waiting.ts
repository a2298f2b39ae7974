import { h } from '../../lib/dom.js';
import { button, pressed, stateBox } from '../../lib/page.js';
import type { CaptureState } from '../answers.js';
import type { Turn } from '../app.js';
import { isHelped, until } from '../help.js';
import { say } from '../words.js';

/** Staff were asked: nothing to do here until they have decided, or the student tries the camera. */
export async function waiting(turn: Turn): Promise<void> {
  const { app, state, signal } = turn;
  const { stage } = app.shell;
  const back = button(say().waitingBack);
  const box = stateBox('plain', say().waitingText);
  const anew = state.reference.replacementExpireTime !== null && stateBox('plain', say().enrolAnew);
  const actions = h('div', { class: 'actions' }, back);
  if (!isDeclined(state)) stage.show(say().waitingTitle, box, anew, actions);
  const decided = await Promise.race([until(turn, (now) => decision(state, now)), pressed(signal, back)]);
  if (decided === 'DECLINED') {
    const goOn = button(say().declinedContinue, 'first');
    const said = stateBox('warn', say().declinedText);
    stage.show(say().declinedTitle, said, h('div', { class: 'actions' }, goOn));
    await pressed(signal, goOn);
  }
  app.wait(false);
}

/** What staff have decided since; OVER where there is nothing more to wait for. */
function decision(asked: CaptureState, now: CaptureState): 'DECLINED' | 'OVER' | null {
  if (isHelped(asked, now) || now.exam.state === 'COMPLETED') return 'OVER';
  return isDeclined(now) ? 'DECLINED' : null;
}

/** A request that is no longer open, and did not open the exam. */
function isDeclined({ admission, verification }: CaptureState): boolean {
  return !admission.admitted && !verification.approvalRequested;
}
