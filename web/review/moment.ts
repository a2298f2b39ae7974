import { h, icon, type Icon } from '../lib/dom.js';
import type { Entry } from './answers.js';
import { scoreFigure } from './score.js';
import { when } from './when.js';
import { say } from './words.js';

/** What is shown as one: a moment, or pictures in a row of which the same is to be said. The newest first. */
export type Group = readonly [Entry, ...Entry[]];

export function together(entries: readonly Entry[]): Group[] {
  const groups: [Entry, ...Entry[]][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    const outcome = entry.frame?.outcome ?? null;
    if (last && outcome !== null && last[0].frame?.outcome === outcome) last.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

type Naming = (name: string | null) => string;

/**
 * One line of what happened, with more below it where there is.
 * @param titleOf what an alert is about
 * @param nameOf what a person is called
 */
export function momentItem(group: Group, titleOf: Naming, nameOf: Naming): HTMLElement {
  const [newest] = group;
  const outcome = newest.frame?.outcome ?? null;
  if (group.length === 1 || outcome === null)
    return line(when(newest.time), ...inWords(newest, titleOf, nameOf));
  const each = group.map((entry) => line(when(entry.time), ...inWords(entry, titleOf, nameOf)));
  const span = say().fromTo(when(group.at(-1)?.time ?? null), when(newest.time));
  const details = h('details', {}, h('summary', {}, say().each), h('ol', { class: 'history' }, ...each));
  return line(span, 'face', say().frames(outcome, group.length), details);
}

function line(time: string, sign: Icon, words: string, ...more: HTMLElement[]): HTMLElement {
  return h(
    'li',
    { class: 'moment' },
    icon(sign),
    h('div', {}, h('p', {}, h('span', { class: 'quiet time' }, time), ' ', h('span', {}, words)), ...more),
  );
}

type Line = [Icon, string, ...HTMLElement[]];

function inWords(
  { attempt, session, frame, decision, approval }: Entry,
  titleOf: Naming,
  name: Naming,
): Line {
  if (attempt) {
    const { outcome, score, threshold, model } = attempt;
    const sign = outcome === 'MATCH' ? 'check' : 'alert';
    return [sign, outcome ? say().attempt(outcome) : '', ...figure(score, threshold, model)];
  }
  if (frame) {
    const { outcome, score, threshold, model, faces, reasons } = frame;
    const found =
      faces === null ? [] : [h('p', { class: 'quiet' }, `${say().faces(faces)}. ${say().frameOne}`)];
    const why = reasons.map((reason) => h('p', { class: 'quiet', lang: 'en' }, reason));
    return [
      'face',
      outcome ? say().frame(outcome) : '',
      ...found,
      ...why,
      ...figure(score, threshold, model),
    ];
  }
  if (session) return ['right', say().sat(session.leaveTime === null ? null : when(session.leaveTime))];
  if (decision) {
    const words = decision.decision ? say().decisionWords(decision.decision) : '';
    return [
      'check',
      say().decidedOn(words, titleOf(decision.alert), name(decision.decidedBy)),
      ...quoted(decision.note),
    ];
  }
  if (approval?.step === 'APPROVED')
    return ['check', say().approved(name(approval.by)), ...quoted(approval.note)];
  if (approval?.step === 'WITHDRAWN')
    return ['cross', say().withdrawn(name(approval.by)), ...quoted(approval.note)];
  if (approval) return ['alert', say().requested, ...quoted(approval.note)];
  return ['dots', ''];
}

function figure(score: number | null, threshold: number | null, model: string | null): HTMLElement[] {
  if (score === null || threshold === null) return [];
  const by = model === null ? [] : [h('p', { class: 'quiet small' }, `${say().model}: ${model}`)];
  return [scoreFigure({ score, threshold, kind: 'LIKENESS' }), ...by];
}

function quoted(note: string | null): HTMLElement[] {
  return note === null ? [] : [h('blockquote', {}, note)];
}
