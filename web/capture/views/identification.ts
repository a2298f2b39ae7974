import { Refused } from '../../lib/api.js';
import { h } from '../../lib/dom.js';
import { button, pressed, stateBox } from '../../lib/page.js';
import type { Identified } from '../answers.js';
import type { Turn } from '../app.js';
import { FINE } from '../camera.js';
import { say } from '../words.js';
import { guidance } from './guidance.js';

/** One picture against the reference. */
export async function identification(turn: Turn): Promise<void> {
  const { app, state, signal } = turn;
  const guide = guidance(turn);
  const take = button(say().identifyTake, 'first');
  const { reason } = state.admission;
  app.shell.stage.show(
    say().identifyTitle,
    reason === 'OTHER_PERSON' && stateBox('warn', say().identifyAgain),
    reason === 'EXPIRED' && stateBox('plain', say().identifyExpired),
    h('p', {}, say().identifyText),
    guide.element,
    h('div', { class: 'actions' }, take),
  );
  for (;;) {
    await pressed(signal, take);
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
    } catch (failure) {
      if (!(failure instanceof Refused) || failure.reason !== 'TOO_MANY_ATTEMPTS') throw failure;
      guide.tell('bad', say().tooMany);
    }
  }
}
