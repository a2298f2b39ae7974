import { h } from '../../lib/dom.js';
import { button, pressed, stateBox } from '../../lib/page.js';
import type { CaptureState } from '../answers.js';
import type { Turn } from '../app.js';
import { say } from '../words.js';

const LOOK_MS = 5_000;

/** Staff were asked: nothing to do here until they have decided, or the student tries the camera. */
export async function waiting({ app, state, signal }: Turn): Promise<void> {
  const { stage } = app.shell;
  const back = button(say().waitingBack);
  const box = stateBox('plain', say().waitingText);
  const actions = h('div', { class: 'actions' }, back);
  if (!isDeclined(state)) stage.show(say().waitingTitle, box, actions);
  const decided = await Promise.race([decision(app, state, signal), pressed(signal, back)]);
  if (decided === 'DECLINED') {
    const goOn = button(say().declinedContinue, 'first');
    const said = stateBox('warn', say().declinedText);
    stage.show(say().declinedTitle, said, h('div', { class: 'actions' }, goOn));
    await pressed(signal, goOn);
  }
  app.wait(false);
}

/** Who was identified and asks all the same is as before whatever staff decide; of all others a request is open or declined. */
function isDeclined({ admission, verification }: CaptureState): boolean {
  return !admission.admitted && verification.state === 'PENDING';
}

/** Waits for staff; OVER where there is nothing more to wait for. */
async function decision(
  { api, exam, pulse }: Turn['app'],
  asked: CaptureState,
  signal: AbortSignal,
): Promise<'DECLINED' | 'OVER'> {
  for (let state = asked; ;) {
    if (state.admission.admitted || state.exam.state === 'COMPLETED') return 'OVER';
    if (isDeclined(state)) return 'DECLINED';
    await pulse.wait(LOOK_MS, signal);
    state = await api.get<CaptureState>(`exams/${exam}/capture`, { signal });
  }
}
