import { Api, Refused } from '../lib/api.js';
import { h } from '../lib/dom.js';
import { beginLanguage, onLanguage } from '../lib/i18n.js';
import { button, inWords, pressed, stateBox } from '../lib/page.js';
import { Session, takeLaunch } from '../lib/session.js';
import { common } from '../lib/words.js';
import { App } from './app.js';
import { approvalDialog } from './approval.js';
import { Opener } from './opener.js';
import { Shell } from './shell.js';
import { say } from './words.js';

/** Where there is no launch, the exam is in the query: `?exam=` and its id. */
function examOf(session: Session): string | null {
  return session.launch?.exam ?? new URLSearchParams(location.search).get('exam');
}

/** The page without an exam to show: what to do about it, in whatever language is chosen. */
function stuck(shell: Shell, texts: () => readonly [title: string, text: string]): void {
  const show = (): void => {
    const [title, text] = texts();
    shell.around(null, '');
    shell.stage.show(title, h('p', {}, text));
  };
  show();
  onLanguage(show);
}

/** The login of this window; null where there is none, and the page says what to do. */
async function signIn(shell: Shell): Promise<Session | null> {
  for (;;) {
    try {
      const session = await Session.open();
      if (!session) stuck(shell, () => [say().signInTitle, say().signInText]);
      return session;
    } catch (failure) {
      if (failure instanceof Refused && !failure.passing) {
        const used = failure.reason === 'LAUNCH_USED';
        stuck(shell, () =>
          used ? [say().launchUsedTitle, say().launchUsedText] : [say().signInTitle, say().signInText],
        );
        return null;
      }
      const again = button(common().again, 'first');
      shell.around(null, '');
      shell.stage.show(
        say().failedTitle,
        stateBox('bad', inWords(failure)),
        h('div', { class: 'actions' }, again),
      );
      await pressed(new AbortController().signal, again);
    }
  }
}

async function main(): Promise<void> {
  beginLanguage(null);
  let app: App | null = null;
  const shell = new Shell(() => {
    if (app) approvalDialog(app);
  });
  const session = await signIn(shell);
  // Another launch into this window reloads nothing by itself: only the fragment differs.
  window.addEventListener('hashchange', () => {
    // Without a login there is nothing to lose: the page begins anew, and takes the launch itself.
    if (session && app) renew(session, app, takeLaunch());
    else location.reload();
  });
  if (!session) return;
  if (session.launch) beginLanguage(session.launch.language);
  const exam = examOf(session);
  if (exam === null) {
    stuck(shell, () => [say().noExamTitle, say().noExamText]);
    return;
  }
  const opener = Opener.of(session.launch?.opener ?? null);
  const running = new App(new Api(session), session, exam, shell, opener);
  app = running;
  onLanguage(() => running.again());
  opener?.listen(
    (launch) => renew(session, running, launch),
    () => void running.end(),
  );
  await running.run();
}

/** A fresh launch of the same person and exam goes on; of others, the page begins anew. */
function renew(session: Session, app: App, launch: string | null): void {
  if (launch === null) return;
  Session.launched(launch).then(
    (fresh) => {
      if (fresh.user.name !== session.user.name || fresh.launch?.exam !== session.launch?.exam)
        location.reload();
      session.takeOver(fresh);
      app.renewed();
    },
    // The login of before goes on, or has ended and says so.
    () => undefined,
  );
}

void main();
