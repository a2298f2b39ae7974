import { h, tell } from '../../lib/dom.js';
import { button, pressed } from '../../lib/page.js';
import type { Enrolled } from '../answers.js';
import type { Turn } from '../app.js';
import { FINE } from '../camera.js';
import { say } from '../words.js';
import { guidance } from './guidance.js';

/** Pictures of the student, until there are as many as a reference needs. */
export async function enrolment(turn: Turn): Promise<void> {
  const { app, state, signal } = turn;
  const { pictures, wanted } = state.reference;
  const guide = guidance(turn);
  const take = button(say().enrolTake, 'first');
  const count = h('p', { class: 'quiet' }, say().enrolCount(pictures, wanted));
  app.shell.stage.show(
    say().enrolTitle,
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
    if (enrolled.complete) return;
    tell(count, say().enrolCount(enrolled.pictures, enrolled.wanted));
    if (enrolled.accepted) guide.tell('good', say().enrolAccepted);
    else guide.tell('warn', say().enrolRefused, ...enrolled.words);
  }
}
