import { h, icon } from '../lib/dom.js';
import { Stage, topLine } from '../lib/page.js';
import type { Step } from './steps.js';
import { say } from './words.js';

/** Steps as the student counts them, and what each of the page's belongs to. */
const STEPS = ['stepDevice', 'stepConsent', 'stepEnrolment', 'stepIdentification', 'stepExam'] as const;
const PLACE: Record<Step, (typeof STEPS)[number] | null> = {
  DEVICE: 'stepDevice',
  CONSENT: 'stepConsent',
  ENROLMENT: 'stepEnrolment',
  CHALLENGE: 'stepIdentification',
  IDENTIFICATION: 'stepIdentification',
  MONITORING: 'stepExam',
  IDENTIFIED: 'stepExam',
  WAITING: null,
  APPROVED: null,
  ENDED: null,
};
/** Where staff may still be asked. */
const ASKABLE = new Set<Step>([
  'DEVICE',
  'CONSENT',
  'ENROLMENT',
  'CHALLENGE',
  'IDENTIFICATION',
  'MONITORING',
]);

/** Everything around a view: the line on top, the steps, and the way without a camera. */
export class Shell {
  readonly stage = new Stage();
  private readonly page = h('div', { class: 'page' });

  /** @param ask is called when the student asks for approval by hand */
  constructor(private readonly ask: () => void) {
    document.body.replaceChildren(this.page, this.stage.live);
  }

  /** @param step null where the page cannot begin */
  around(step: Step | null, examName: string): void {
    const choosing = document.activeElement?.closest('.languages');
    document.querySelector('header')?.remove();
    const top = topLine(examName);
    document.body.prepend(top);
    if (choosing) top.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
    const parts: HTMLElement[] = [this.stage.element];
    const place = step && PLACE[step];
    if (place) parts.unshift(steps(STEPS.indexOf(place)));
    if (step && ASKABLE.has(step)) parts.push(this.foot());
    // What stays where it is keeps its focus.
    if (this.page.contains(this.stage.element)) {
      for (const other of [...this.page.children]) if (other !== this.stage.element) other.remove();
      const at = parts.indexOf(this.stage.element);
      this.stage.element.before(...parts.slice(0, at));
      this.stage.element.after(...parts.slice(at + 1));
    } else this.page.replaceChildren(...parts);
  }

  private foot(): HTMLElement {
    return h(
      'footer',
      { class: 'foot' },
      h('p', {}, say().approvalAsk),
      h('button', { type: 'button', class: 'link', onclick: this.ask }, say().approvalOpen),
    );
  }
}

function steps(at: number): HTMLElement {
  const items = STEPS.map((name, place) => {
    const item = h('li', place < at ? { class: 'done' } : {}, h('span', {}, say()[name]));
    if (place === at) item.setAttribute('aria-current', 'step');
    if (place < at) item.append(icon('check'), h('span', { class: 'hidden-text' }, `(${say().stepDone})`));
    return item;
  });
  return h('nav', { 'aria-label': say().stepsLabel }, h('ol', { class: 'steps' }, ...items));
}
