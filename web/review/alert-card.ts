import { h, icon } from '../lib/dom.js';
import { button, inWords, stateBox } from '../lib/page.js';
import type { App } from './app.js';
import type { Alert, Decision, Student } from './answers.js';
import { evidence } from './evidence.js';
import { scoreFigure } from './score.js';
import { when } from './when.js';
import { alertWords, say } from './words.js';

export interface CardOptions {
  alert: Alert;
  student: Student;
  /** Name of who decided. */
  decidedBy: string;
  decided: (alert: Alert) => void;
}

/** An alert with all that a person needs to decide on it, and the decision. */
export function alertCard(app: App, options: CardOptions): HTMLElement {
  const { alert, student } = options;
  const title = h('h3', { tabindex: -1 }, icon('alert'), h('span', {}, alertWords(alert.type)));
  return h(
    'li',
    { class: alert.decision === null ? 'alert undecided' : 'alert' },
    h('div', { class: 'alert-head' }, title, h('p', { class: 'quiet' }, duration(alert))),
    h(
      'div',
      { class: 'alert-body' },
      evidence(app.api, student, alert),
      h('div', {}, ...reasons(alert), decisionOf(app, options)),
    ),
  );
}

function duration({ beginTime, endTime, occurrences }: Alert): string {
  const from = when(beginTime);
  const span =
    endTime === null ? say().fromOn(from) : endTime === beginTime ? from : say().fromTo(from, when(endTime));
  return `${span} · ${say().seen(occurrences)}`;
}

/** Why, in words and figures. */
function reasons({ type, reason, score, threshold, model, contributions }: Alert): HTMLElement[] {
  const parts: HTMLElement[] = [];
  if (type) parts.push(h('p', {}, say().explained(type)));
  if (score !== null && threshold !== null) {
    const kind = type === 'DIFFERENT_PERSON' ? 'EVIDENCE' : 'LIKENESS';
    parts.push(scoreFigure({ score, threshold, kind }));
  }
  for (const each of contributions) {
    if (each.modality === null || each.score === null || each.threshold === null) continue;
    parts.push(
      h('p', { class: 'contribution' }, say().contribution(say().modality(each.modality), each.observations)),
      scoreFigure({ score: each.score, threshold: each.threshold, kind: 'LIKENESS' }),
    );
  }
  const models = [
    ...new Set([model, ...contributions.map((each) => each.model)].filter((each) => each !== null)),
  ];
  const facts: [string, HTMLElement | string][] = [[say().serverSays, h('span', { lang: 'en' }, reason)]];
  if (models.length > 0) facts.push([say().model, models.join(', ')]);
  parts.push(
    h(
      'dl',
      { class: 'facts' },
      ...facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
    ),
  );
  return parts;
}

function decisionOf(app: App, options: CardOptions): HTMLElement {
  const { alert, decidedBy } = options;
  const form = decisionForm(app, options);
  if (alert.decision === null) return form;
  const words = say().decided(say().decisionWords(alert.decision), decidedBy, when(alert.decideTime));
  const said = alert.decisionNote === null ? [] : [`“${alert.decisionNote}”`];
  return h(
    'div',
    {},
    stateBox(alert.decision === 'CONFIRMED' ? 'warn' : 'plain', words, ...said),
    h('details', {}, h('summary', {}, say().again), form),
  );
}

function decisionForm(app: App, { alert, decided }: CardOptions): HTMLElement {
  const id = `note-${alert.name.replaceAll('/', '-')}`;
  const note = h('textarea', { id, maxlength: 2000, 'aria-describedby': `${id}-help`, rows: 2 });
  const dismiss = button(say().dismiss);
  const confirm = button(say().confirm);
  const problem = h('div', { role: 'alert' });
  const decide = async (decision: Decision): Promise<void> => {
    for (const each of [dismiss, confirm]) each.disabled = true;
    try {
      const body = { decision, note: note.value.trim() };
      decided(await app.api.post<Alert>(`${alert.name}/review`, body));
    } catch (failure) {
      for (const each of [dismiss, confirm]) each.disabled = false;
      problem.replaceChildren(stateBox('bad', inWords(failure)));
    }
  };
  dismiss.addEventListener('click', () => void decide('DISMISSED'));
  confirm.addEventListener('click', () => void decide('CONFIRMED'));
  return h(
    'div',
    { class: 'decision' },
    h('label', { for: id }, say().note),
    note,
    h('p', { class: 'quiet small', id: `${id}-help` }, say().noteHelp),
    problem,
    h('div', { class: 'actions' }, dismiss, confirm),
  );
}
