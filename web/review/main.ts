import { Api, Refused } from '../lib/api.js';
import { h } from '../lib/dom.js';
import { beginLanguage, onLanguage } from '../lib/i18n.js';
import { button, inWords, pressed, stateBox } from '../lib/page.js';
import { Session } from '../lib/session.js';
import { common } from '../lib/words.js';
import { App, placeOf, signInPath } from './app.js';
import { Frame } from './frame.js';
import { say } from './words.js';

/** The login of this window; null where there is none, and the page says what to do. */
async function signIn(frame: Frame): Promise<Session | null> {
  for (;;) {
    try {
      const session = await Session.open();
      if (!session) stuck(frame, () => [say().signInTitle, say().signInText]);
      return session;
    } catch (failure) {
      if (failure instanceof Refused && !failure.passing) {
        const used = failure.reason === 'LAUNCH_USED';
        stuck(frame, () =>
          used ? [say().launchUsedTitle, say().launchUsedText] : [say().signInTitle, say().signInText],
        );
        return null;
      }
      const again = button(common().again, 'first');
      frame.about(say().title);
      frame.stage.show(
        say().failedTitle,
        stateBox('bad', inWords(failure)),
        h('div', { class: 'actions' }, again),
      );
      await pressed(new AbortController().signal, again);
    }
  }
}

function stuck(frame: Frame, texts: () => readonly [title: string, text: string]): void {
  const show = (): void => {
    const [title, text] = texts();
    frame.about(say().title);
    frame.stage.show(title, h('p', {}, text), h('p', {}, h('a', { href: signInPath() }, say().signInLink)));
  };
  show();
  onLanguage(show);
}

async function main(): Promise<void> {
  beginLanguage(null);
  const frame = new Frame();
  const session = await signIn(frame);
  if (!session) return;
  if (session.launch) beginLanguage(session.launch.language);
  const exam = session.launch?.exam ?? null;
  if (exam !== null && placeOf(location.hash).exam === null) {
    history.replaceState(null, '', `#/exams/${exam.replace(/^exams\//, '')}`);
  }
  const app = new App(new Api(session), frame);
  onLanguage(() => void app.show());
  app.start();
}

void main();
