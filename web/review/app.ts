import { Refused, type Api } from '../lib/api.js';
import { h } from '../lib/dom.js';
import { signInLink } from '../lib/entrance.js';
import { button, failedContent, pressed, type Stage } from '../lib/page.js';
import { common } from '../lib/words.js';
import { fullName } from './answers.js';
import type { Choice } from './choice.js';
import { examView } from './exam-view.js';
import { examsView } from './exams-view.js';
import type { Frame } from './frame.js';
import { ExamModel, type Change } from './model.js';
import { studentView } from './student-view.js';
import { alertWords, say } from './words.js';

/** What the address after `#` names. */
export interface Place {
  exam: string | null;
  student: string | null;
}

export function placeOf(hash: string): Place {
  const [, exam = null, , student = null] = /^#\/exams\/([\w-]+)(\/students\/([\w-]+))?$/.exec(hash) ?? [];
  return { exam, student };
}

/** One reviewer's way through exams and students. */
export class App {
  readonly stage: Stage;
  readonly choice: Choice = { search: '', filter: 'ALL', order: 'UNDECIDED' };
  private model: ExamModel | null = null;
  private turn = new AbortController();
  /** Alerts that were said aloud: an event may come twice. */
  private readonly announced = new Set<string>();

  constructor(
    readonly api: Api,
    readonly frame: Frame,
  ) {
    this.stage = frame.stage;
  }

  /** Shows, from now on, what the address names. */
  start(): void {
    window.addEventListener('hashchange', () => void this.show());
    void this.show();
  }

  /** Shows what the address names, anew. */
  async show(): Promise<void> {
    this.turn.abort();
    this.turn = new AbortController();
    const { signal } = this.turn;
    try {
      const { exam, student } = placeOf(location.hash);
      const model = await this.examOf(exam);
      if (signal.aborted) return;
      if (!model) await examsView(this, signal);
      else if (student === null) examView(this, model, signal);
      else await studentView(this, model, student, signal);
      window.scrollTo(0, 0);
    } catch (failure) {
      if (!signal.aborted) await this.failed(failure, signal);
    }
  }

  private async examOf(number: string | null): Promise<ExamModel | null> {
    const name = number === null ? null : `exams/${number}`;
    if (this.model && this.model.exam.name !== name) {
      this.model.close();
      this.model = null;
    }
    if (name === null) return null;
    if (!this.model) {
      const model = await ExamModel.open(this.api, name);
      this.model = model;
      model.onChange((change) => this.changed(change));
    }
    return this.model;
  }

  private changed(change: Change): void {
    if (change.event === 'lost') void this.failed(change.failure, this.turn.signal);
    if (change.event !== 'alert') return;
    const { alert, student } = change.data;
    // One that ended, or was decided on, is no news; some end as they begin.
    const begins = alert.endTime === null || alert.endTime === alert.beginTime;
    if (!begins || alert.decision !== null || !student || this.announced.has(alert.name)) return;
    this.announced.add(alert.name);
    this.frame.announceAlert(say().newAlert(fullName(student), alertWords(alert.type)));
  }

  private async failed(failure: unknown, signal: AbortSignal): Promise<void> {
    this.frame.about(say().title);
    this.model?.close();
    this.model = null;
    const status = failure instanceof Refused ? failure.status : 0;
    const back = h('a', { href: '#/' }, say().backToExams);
    if (status === 401) {
      this.stage.show(say().loginOverTitle, h('p', {}, say().loginOverText), h('p', {}, signInLink()));
    } else if (status === 403) this.stage.show(say().studentTitle, h('p', {}, say().studentText));
    else if (status === 404) this.stage.show(say().goneTitle, h('p', {}, say().goneText), h('p', {}, back));
    else {
      const again = button(common().again, 'first');
      this.stage.show(...failedContent(failure, again));
      await pressed(signal, again).then(
        () => this.show(),
        () => undefined,
      );
    }
  }
}
