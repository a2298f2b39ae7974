import { askedPause, passes, Refused } from '../../lib/api.js';
import { h, icon, tell, type Icon } from '../../lib/dom.js';
import { button, inWords, pressed, stateBox } from '../../lib/page.js';
import { common } from '../../lib/words.js';
import type { Challenge, ChallengeProgress } from '../answers.js';
import type { Turn } from '../app.js';
import { COARSE } from '../camera.js';
import { say } from '../words.js';
import { viewfinder } from './viewfinder.js';

/** After a picture that could not be judged for the moment. */
const PAUSE_MS = 1_000;

/** Movements that the server may ask for. */
const MOVEMENTS: Record<string, { icon: Icon; text: () => string }> = {
  TURN_LEFT: { icon: 'left', text: () => say().TURN_LEFT },
  TURN_RIGHT: { icon: 'right', text: () => say().TURN_RIGHT },
  LOOK_STRAIGHT: { icon: 'face', text: () => say().LOOK_STRAIGHT },
  BLINK: { icon: 'eye', text: () => say().BLINK },
  SMILE: { icon: 'smile', text: () => say().SMILE },
};

/** Movements that the server chose and judges, one after the other. */
export async function challenge(turn: Turn): Promise<void> {
  const { app, signal } = turn;
  const { stage } = app.shell;
  let start = button(say().challengeStart, 'first');
  let box: HTMLElement | false = false;
  for (;;) {
    stage.show(
      say().challengeTitle,
      h('p', {}, say().challengeText),
      viewfinder(app.camera),
      box,
      h('div', { class: 'actions' }, start),
    );
    await pressed(signal, start);
    const [text, ...lines] = await outcome(turn);
    if (text === '') return;
    box = stateBox('warn', text, ...lines);
    stage.announce([text, ...lines].join(' '));
    start = button(common().again, 'first');
  }
}

/** Plays one, and says why it was not passed; an empty text where it was. */
async function outcome(turn: Turn): Promise<[string, ...string[]]> {
  try {
    const { state, words } = await played(turn);
    if (state === 'PASSED') return [''];
    return [state === 'EXPIRED' ? say().challengeLate : say().challengeFailed, ...words];
  } catch (failure) {
    if (!(failure instanceof Refused) || failure.reason !== 'TOO_MANY_ATTEMPTS') throw failure;
    return [say().tooMany];
  }
}

/**
 * One challenge: pictures go up as fast as they are judged. What passes is no reason to begin anew, which would cost one of a
 * few tries: whether there is time left, the server says.
 */
async function played({ app, signal }: Turn): Promise<ChallengeProgress> {
  const { api, camera, exam, pulse, shell } = app;
  const { challenge: id, steps } = await api.post<Challenge>(`exams/${exam}/challenges`, {}, { signal });
  const count = h('p', { class: 'quiet' });
  const movement = h('p', { class: 'movement' });
  const bar = h('progress', { max: 1, value: 0, 'aria-label': say().challengeProgress });
  const advice = h('p', {});
  let shown = -1;
  const ask = (step: number): void => {
    if (step === shown) return;
    shown = step;
    const { icon: sign, text } = MOVEMENTS[steps[step] ?? ''] ?? { icon: 'face', text: () => '' };
    tell(count, say().challengeStep(step + 1, steps.length));
    movement.replaceChildren(icon(sign), text());
    shell.stage.announce(text());
  };
  shell.stage.show(say().challengeTitle, count, movement, viewfinder(camera), bar, advice);
  ask(0);
  for (;;) {
    const picture = await camera.next(COARSE, signal);
    if (!picture) {
      app.again();
      throw signal.reason as Error;
    }
    let answer: ChallengeProgress;
    try {
      answer = await api.post(`exams/${exam}/challenges/${id}/frames`, picture, { signal });
    } catch (failure) {
      if (!passes(failure)) throw failure;
      tell(advice, inWords(failure));
      await pulse.wait(Math.max(PAUSE_MS, askedPause(failure)), signal);
      continue;
    }
    if (answer.state !== 'OPEN') return answer;
    bar.value = answer.progress;
    tell(advice, answer.words.join(' '));
    ask(answer.step);
  }
}
