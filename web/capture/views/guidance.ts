import { Refused, Unreachable } from '../../lib/api.js';
import { h } from '../../lib/dom.js';
import { inWords, stateBox, type Tone } from '../../lib/page.js';
import type { Assessment } from '../answers.js';
import type { Turn } from '../app.js';
import { COARSE } from '../camera.js';
import { say } from '../words.js';
import { viewfinder } from './viewfinder.js';

/** Between an answer and the next question. */
const PAUSE_MS = 600;
const BUSY_MS = 3_000;

export interface Guidance {
  element: HTMLElement;
  /** Does something else with the camera and the server, while which nothing is asked. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Says something of what was just done; the next picture is looked at a little later. */
  tell(tone: Tone, text: string, ...lines: string[]): void;
}

/** The live picture and what is wrong with it, in words: nearer, lighter, one face. Nothing of it is kept. */
export function guidance({ app, signal }: Turn): Guidance {
  const { api, camera, shell } = app;
  const finder = viewfinder(camera);
  const box = h('div', {}, stateBox('plain', say().guideLooking));
  let busy = false;
  let quietUntil = 0;
  const quiet = (): boolean => busy || performance.now() < quietUntil;

  const show = (tone: Tone, text: string, ...lines: string[]): void => {
    finder.classList.toggle('ready', tone === 'good');
    const next = stateBox(tone, text, ...lines);
    if (box.textContent === next.textContent) return;
    box.replaceChildren(next);
    shell.stage.announce([text, ...lines].join(' '));
  };

  const look = async (): Promise<number> => {
    if (!camera.live) {
      app.again();
      return PAUSE_MS;
    }
    const picture = quiet() ? null : await camera.picture(COARSE);
    if (!picture) return PAUSE_MS;
    try {
      const { usable, words } = await api.post<Assessment>('face-assessments', picture, { signal });
      // An answer that comes late is not to take the place of what was said since.
      if (quiet()) return PAUSE_MS;
      if (usable) show('good', say().guideReady);
      else show('warn', words[0] ?? say().guideLooking, ...words.slice(1));
      return PAUSE_MS;
    } catch (failure) {
      if (signal.aborted) throw failure;
      if (failure instanceof Refused && failure.status === 401) app.again();
      else if (failure instanceof Refused && failure.status === 429) show('plain', say().guideWait);
      else if (failure instanceof Refused || failure instanceof Unreachable) show('bad', inWords(failure));
      else throw failure;
      return BUSY_MS;
    }
  };

  void (async () => {
    while (!signal.aborted) {
      const pause = await look();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  })().catch((failure: unknown) => {
    if (!signal.aborted) reportError(failure);
  });

  return {
    element: h('div', {}, finder, box),
    async during(work) {
      busy = true;
      try {
        return await work();
      } finally {
        busy = false;
      }
    },
    tell(tone, text, ...lines) {
      quietUntil = performance.now() + BUSY_MS;
      show(tone, text, ...lines);
    },
  };
}
