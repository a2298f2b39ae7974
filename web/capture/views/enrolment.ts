import { h, tell } from '../../lib/dom.js';
import { button, pressed, stateBox } from '../../lib/page.js';
import type { Enrolled } from '../answers.js';
import type { Turn } from '../app.js';
import { FINE } from '../camera.js';
import { say } from '../words.js';
import { guidance } from './guidance.js';

/** Pictures of the student, until there are as many as a reference needs; from the first where staff asked for new ones. */
export async function enrolment(turn: Turn): Promise<void> {
  const { app, state, signal } = turn;
  const { wanted, replacementExpireTime } = state.reference;
  const anew = replacementExpireTime !== null;
  const guide = guidance(turn);
  const take = button(say().enrolTake, 'first');
  const count = h('p', { class: 'quiet' }, say().enrolCount(anew ? 0 : state.reference.pictures, wanted));
  app.shell.stage.show(
    say().enrolTitle,
    anew && stateBox('plain', say().enrolAnew),
    h('p', {}, say().enrolText),
    guide.element,
    count,
    h('div', { class: 'actions' }, take),
  );
  for (;;) {
    await pressed(signal, take);
    const picture = await app.camera.next(FINE, signal);
    // Without a camera the guide begins anew.
    if (!picture) continue;
    const enrolled = await guide.during(() =>
      app.api.post<Enrolled>('references/face/pictures', picture, { signal }),
    );
    // What is refused leaves what there was, which may be the pictures that staff want replaced.
    if (!enrolled.accepted) {
      guide.tell('warn', say().enrolRefused, ...enrolled.words);
      continue;
    }
    if (enrolled.complete) return;
    tell(count, say().enrolCount(enrolled.pictures, enrolled.wanted));
    guide.tell('good', say().enrolAccepted);
  }
}
