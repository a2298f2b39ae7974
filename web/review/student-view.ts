import { h } from '../lib/dom.js';
import { button, stateBox } from '../lib/page.js';
import { alertCard } from './alert-card.js';
import type { App } from './app.js';
import { approvalButtons } from './approval.js';
import {
  fullName,
  idOf,
  type Alert,
  type Alerts,
  type Entry,
  type References,
  type Student,
  type Timeline,
} from './answers.js';
import { KeyedList, type Keyed } from './keyed.js';
import type { ExamModel } from './model.js';
import { momentItem, together, type Group } from './moment.js';
import { replacementButton } from './replacement.js';
import { statusPill } from './status.js';
import { when } from './when.js';
import { alertWords, say } from './words.js';

/** The most that one answer holds. */
const MOST_ALERTS = 1000;

/** What happened with one student, and what is to be decided. */
export async function studentView(
  app: App,
  model: ExamModel,
  user: string,
  signal: AbortSignal,
): Promise<void> {
  const { api, stage, frame } = app;
  const path = `${model.exam.name}/students/${user}/timeline`;
  const entries = new Map<string, Entry>();
  /** All of the student's: one that waits for a decision may be older than every entry shown. */
  let alerts = new Map<string, Alert>();
  const people = new Map<string, string>();
  let older: string | null = null;
  let student: Student | null = null;
  /** Undefined where the student has none. */
  let face: References['references'][number] | undefined;

  const status = new KeyedList(h('div', { class: 'status' }));
  const undecided = new KeyedList(h('ul', { class: 'cards' }));
  const history = new KeyedList(h('ol', { class: 'history' }));
  const heading = h('h2', { tabindex: -1 }, say().undecidedTitle);
  const undecidedNone = h('p', { class: 'quiet' }, say().undecidedNone);
  const historyNone = h('p', { class: 'quiet' }, say().historyNone);
  const more = button(say().more);

  const name = (person: string | null): string =>
    (person === null ? null : people.get(person)) ?? say().somebody;

  const loadAlerts = async (): Promise<Map<string, Alert>> => {
    const found: Alert[] = [];
    for (let pageToken = ''; ;) {
      const query = {
        user: `users/${user}`,
        pageSize: MOST_ALERTS,
        ...(pageToken === '' ? {} : { pageToken }),
      };
      const page = await api.get<Alerts>(`${model.exam.name}/alerts`, { query, signal });
      found.push(...page.alerts);
      pageToken = page.nextPageToken;
      if (pageToken === '') return new Map(found.map((alert) => [alert.name, alert]));
    }
  };

  const read = async (pageToken: string): Promise<Student> => {
    const query: Record<string, string> = pageToken === '' ? {} : { pageToken };
    const page = await api.get<Timeline>(path, { query, signal });
    alerts = await loadAlerts();
    const { references } = await api.get<References>(`users/${user}/references`, { signal });
    face = references.find(({ modality }) => modality === 'FACE');
    student = page.student;
    for (const { user: of, displayName } of page.people) people.set(of, displayName);
    for (const entry of page.entries) entries.set(keyOf(entry), entry);
    // What is known of older pages is not lost by reading the first one again.
    if (pageToken !== '' || older === null) older = page.nextPageToken;
    show();
    return page.student;
  };
  // One after the other: an answer that was overtaken would show what is no longer so.
  let reading: Promise<unknown> = Promise.resolve();
  const load = (pageToken: string): Promise<Student> => {
    const next = reading.then(() => read(pageToken));
    reading = next.catch(() => undefined);
    return next;
  };

  const show = (): void => {
    if (!student) return;
    const of = student;
    const open = [...alerts.values()].filter(({ decision }) => decision === null);
    const past = [...entries.values()]
      .map((entry) => ({ ...entry, alert: entry.alert && (alerts.get(entry.alert.name) ?? entry.alert) }))
      .filter(({ alert }) => alert?.decision !== null)
      .sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));
    const actions = (): HTMLElement[] => [
      ...approvalButtons(app, model.exam.name, of, put),
      ...(face ? [replacementButton(app, of, allowed)] : []),
    ];
    const replaceableUntil = face?.replacementExpireTime ?? null;
    status.show([
      {
        key: 'status',
        from: [statusOf(of), face],
        make: () => statusLine(of, replaceableUntil, actions()),
      },
    ]);
    undecided.show(open.map((alert) => cardOf(alert, of)));
    history.show(
      together(past).map((group) => ({
        key: keyOf(group.at(-1) ?? group[0]),
        from: [group, [...people]],
        make: () => historyItem(group, of),
      })),
    );

    undecidedNone.hidden = open.length > 0;
    historyNone.hidden = past.length > 0;
    more.hidden = older === null || older === '';
  };

  const put = (changed: Student): void => {
    student = changed;
    model.put(changed);
    void settle();
  };
  const allowed = (until: string | null): void => {
    stage.announce(`${say().anewFact}: ${say().anewUntil(when(until))}`);
    void settle();
  };
  /** Shows what was decided about the student; the keyboard goes on at what may be decided next. */
  const settle = async (): Promise<void> => {
    await load('');
    if (document.activeElement === document.body) status.element.querySelector('button')?.focus();
  };

  const decided = (alert: Alert): void => {
    stage.announce(say().saved);
    const next = nextCard(undecided.element, alert.name);
    void load('').then(() => (next?.isConnected ? next : heading).focus());
  };

  const cardOf = (alert: Alert, of: Student): Keyed => ({
    key: alert.name,
    from: [alert, fullName(of)],
    make: () => {
      const card = alertCard(app, { alert, student: of, decidedBy: name(alert.decidedBy), decided });
      card.dataset['alert'] = alert.name;
      return card;
    },
  });

  const historyItem = (group: Group, of: Student): HTMLElement => {
    const [{ alert }] = group;
    if (!alert) return momentItem(group, titleOf, name);
    return alertCard(app, { alert, student: of, decidedBy: name(alert.decidedBy), decided });
  };
  const titleOf = (alertName: string | null): string => alertWords(alerts.get(alertName ?? '')?.type ?? null);

  const first = await load('');
  more.addEventListener('click', () => void load(older ?? ''));
  frame.about(model.exam.displayName);
  stage.show(
    fullName(first),
    h(
      'p',
      { class: 'line' },
      h('a', { href: `#/exams/${idOf(model.exam.name)}` }, say().backToExam),
      frame.live(model, signal),
    ),
    status.element,
    h('section', {}, heading, undecidedNone, undecided.element),
    h(
      'section',
      {},
      h('h2', {}, say().historyTitle),
      historyNone,
      history.element,
      h('div', { class: 'actions' }, more),
    ),
  );
  const stop = model.onChange((change) => {
    const about =
      change.event === 'alert'
        ? change.data.alert.user
        : change.event === 'student'
          ? change.data.student.user
          : '';
    if (idOf(about) === user) void load('').catch(() => undefined);
  });
  signal.addEventListener('abort', stop);
}

/** The same moment has the same key, whatever was decided since. */
function keyOf({ time, attempt, session, frame, alert, decision, approval }: Entry): string {
  if (alert) return alert.name;
  const kind = attempt ? 'attempt' : session ? 'session' : frame ? `frame ${frame.frame}` : '';
  const said = decision ? `decision ${decision.alert}` : approval ? `approval ${approval.step ?? ''}` : '';
  return `${time ?? ''} ${kind}${said}`;
}

/** The heading of the card after this alert's, for the keyboard to go on at. */
function nextCard(list: HTMLElement, alertName: string): HTMLElement | null {
  const cards = [...list.children] as HTMLElement[];
  const at = cards.findIndex(({ dataset }) => dataset['alert'] === alertName);
  return (cards[at + 1] ?? cards[at - 1])?.querySelector<HTMLElement>('h3') ?? null;
}

function statusOf({
  email,
  verification,
  method,
  verifyTime,
  approvalRequest,
  session,
  lastFrameTime,
  admission,
  admissionReason,
}: Student): unknown {
  const here = [session, lastFrameTime, admission, admissionReason];
  return [email, verification, method, verifyTime, approvalRequest, ...here];
}

function statusLine(student: Student, replaceableUntil: string | null, actions: HTMLElement[]): HTMLElement {
  const { email, verifyTime, approvalRequest, session, lastFrameTime } = student;
  const facts: [string, string][] = [];
  if (verifyTime !== null) facts.push([say().identity, say().since(when(verifyTime))]);
  if (session)
    facts.push([say().joined, `${when(session.joinTime)} · ${say().pictures(session.frameCount)}`]);
  if (lastFrameTime !== null) facts.push([say().lastFrame, when(lastFrameTime)]);
  if (replaceableUntil !== null) facts.push([say().anewFact, say().anewUntil(when(replaceableUntil))]);
  const asks = student.verification === 'APPROVAL_REQUESTED' && approvalRequest !== null;
  return h(
    'div',
    {},
    h('p', { class: 'line' }, h('span', { class: 'quiet' }, email), statusPill(student)),
    asks && stateBox('warn', say().asksFor(approvalRequest)),
    facts.length > 0 &&
      h(
        'dl',
        { class: 'facts wide' },
        ...facts.map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, value))),
      ),
    h('div', { class: 'actions' }, ...actions),
  );
}
