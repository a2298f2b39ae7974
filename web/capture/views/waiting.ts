import { h } from '../../lib/dom.js';
import { button, pressed, stateBox } from '../../lib/page.js';
import type { CaptureState } from '../answers.js';
import type { Turn } from '../app.js';
import { say } from '../words.js';

const LOOK_MS = 5_000;

/** Staff were asked: nothing to do here until they have decided, or the student tries the camera. */
export async function waiting({ app, signal }: Turn): Promise<void> {
  const back = button(say().waitingBack);
  app.shell.stage.show(
    say().waitingTitle,
    stateBox('plain', say().waitingText),
    h('div', { class: 'actions' }, back),
  );
  await Promise.race([approval(app, signal), pressed(signal, back)]);
  app.wait(false);
}

async function approval({ api, exam, pulse }: Turn['app'], signal: AbortSignal): Promise<void> {
  for (;;) {
    await pulse.wait(LOOK_MS, signal);
    const state = await api.get<CaptureState>(`exams/${exam}/capture`, { signal });
    if (state.admission.admitted) return;
  }
}
