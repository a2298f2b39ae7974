import { Api } from '../lib/api.js';
import { h } from '../lib/dom.js';
import { enter, stuck, type Show } from '../lib/entrance.js';
import { beginLanguage, onLanguage } from '../lib/i18n.js';
import { Session, takeLaunch } from '../lib/session.js';
import { App } from './app.js';
import { approvalDialog } from './approval.js';
import { Opener } from './opener.js';
import { Shell } from './shell.js';
import { say } from './words.js';

/** Where there is no launch, the exam is in the query: `?exam=` and its id. */
const named = new URLSearchParams(location.search).get('exam');

async function main(): Promise<void> {
  beginLanguage(null);
  let app: App | null = null;
  const shell = new Shell(() => {
    if (app) approvalDialog(app);
  });
  const outside: Show = (title, ...content) => {
    shell.around(null, '');
    shell.stage.show(title, ...content);
  };
  const session = await enter(outside, say, named !== null);
  // Another launch into this window reloads nothing by itself: only the fragment differs.
  window.addEventListener('hashchange', () => {
    // Without a login there is nothing to lose: the page begins anew, and takes the launch itself.
    if (session && app) renew(session, app, takeLaunch());
    else location.reload();
  });
  if (!session) return;
  if (session.launch) beginLanguage(session.launch.language);
  const exam = session.launch?.exam ?? named;
  if (exam === null) {
    stuck(outside, () => [say().noExamTitle, h('p', {}, say().noExamText)]);
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
      if (fresh.user.name !== session.user.name || fresh.launch?.exam !== session.launch?.exam) {
        location.reload();
        return;
      }
      session.takeOver(fresh);
      app.renewed();
    },
    // The login of before goes on, or has ended and says so.
    () => undefined,
  );
}

void main();
