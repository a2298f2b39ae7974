import { h } from '../../lib/dom.js';
import { button, pressed, stateBox } from '../../lib/page.js';
import type { Turn } from '../app.js';
import { say } from '../words.js';

/** Whether something has changed since: an approval may be taken back. */
const LOOK_MS = 15_000;

/** Identified, for an exam that is not watched. */
export async function identified({ app, signal }: Turn): Promise<void> {
  app.camera.close();
  app.shell.stage.show(say().identifiedTitle, stateBox('good', say().identifiedText));
  await app.pulse.wait(LOOK_MS, signal);
}

/** Staff have confirmed who it is: no biometrics, and nothing to watch. */
export async function approved({ app, signal }: Turn): Promise<void> {
  app.unwatch();
  app.shell.stage.show(say().approvedTitle, stateBox('good', say().approvedText));
  await app.pulse.wait(LOOK_MS, signal);
}

export async function ended({ app, state, signal }: Turn): Promise<void> {
  app.unwatch();
  const over = state.exam.state === 'COMPLETED';
  const back = button(say().endedBack);
  app.shell.stage.show(
    say().endedTitle,
    h('p', {}, say().endedText),
    !over && h('div', { class: 'actions' }, back),
  );
  await pressed(signal, back);
  app.goOn();
}
