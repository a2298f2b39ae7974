import { Api } from '../lib/api.js';
import { enter } from '../lib/entrance.js';
import { beginLanguage, onLanguage } from '../lib/i18n.js';
import { App, placeOf } from './app.js';
import { Frame } from './frame.js';
import { say } from './words.js';

async function main(): Promise<void> {
  beginLanguage(null);
  const frame = new Frame();
  const session = await enter((title, ...content) => {
    frame.about(say().title);
    frame.stage.show(title, ...content);
  }, say);
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
