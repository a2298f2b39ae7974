import { Refused } from '../../lib/api.js';
import { h, tell } from '../../lib/dom.js';
import { button, pressed, stateBox } from '../../lib/page.js';
import type { Identified } from '../answers.js';
import type { Turn } from '../app.js';
import { FINE } from '../camera.js';
import { isHelped, until } from '../help.js';
import { say } from '../words.js';
import { guidance } from './guidance.js';

/** Tries that are left when the page says what staff can do. */
const FEW = 2;

/** One picture against the reference, unless staff help the student on meanwhile. */
export async function identification(turn: Turn): Promise<void> {
  const { app, state, signal } = turn;
  const guide = guidance(turn);
  const take = button(say().identifyTake, 'first');
  const help = h('p', { role: 'status' });
  const { reason } = state.admission;
  app.shell.stage.show(
    say().identifyTitle,
    reason === 'OTHER_PERSON' && stateBox('warn', say().identifyAgain),
    reason === 'EXPIRED' && stateBox('plain', say().identifyExpired),
    h('p', {}, say().identifyText),
    guide.element,
    help,
    h('div', { class: 'actions' }, take),
  );
  const helped = until(turn, (now) => (isHelped(state, now) ? 'HELPED' : null));
  for (;;) {
    if ((await Promise.race([pressed(signal, take), helped])) === 'HELPED') return;
    const picture = await app.camera.next(FINE, signal);
    // Without a camera the guide begins anew.
    if (!picture) continue;
    try {
      const { outcome, words, attemptsLeft } = await guide.during(() =>
        app.api.post<Identified>(`exams/${app.exam}/identification`, picture, { signal }),
      );
      if (outcome === 'MATCH') return;
      const text = outcome === 'NO_MATCH' ? say().identifyNoMatch : say().identifyUnsure;
      guide.tell('warn', text, ...words, say().attemptsLeft(attemptsLeft));
      if (attemptsLeft <= FEW) tell(help, say().identifyHelp);
    } catch (failure) {
      if (!(failure instanceof Refused) || failure.reason !== 'TOO_MANY_ATTEMPTS') throw failure;
      guide.tell('bad', say().tooMany);
      tell(help, say().identifyHelp);
    }
  }
}
