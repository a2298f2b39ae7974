import { h, icon, tell } from '../lib/dom.js';
import { Stage, topLine } from '../lib/page.js';
import type { ExamModel } from './model.js';
import { pill } from './status.js';
import { say } from './words.js';

/** Everything around a view: the line on top, and what an alert is. */
export class Frame {
  readonly stage = new Stage();
  private readonly principle = h('aside', { class: 'state plain' });
  /** New alerts are said here, wherever the keyboard is. */
  private readonly news = h('div', { role: 'log', 'aria-live': 'polite', class: 'hidden-text' });

  constructor() {
    const page = h('div', { class: 'page wide' }, this.principle, this.stage.element);
    document.body.replaceChildren(page, this.stage.live, this.news);
  }

  /** @param what the line on top says what it is about */
  about(what: string): void {
    const choosing = document.activeElement?.closest('.languages');
    document.querySelector('header')?.remove();
    const top = topLine(what);
    document.body.prepend(top);
    if (choosing) top.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
    this.principle.setAttribute('aria-label', say().principleLabel);
    this.principle.replaceChildren(icon('eye'), h('p', {}, say().principle));
  }

  announceAlert(text: string): void {
    tell(this.news, text);
  }

  /** Whether changes come as they happen. */
  live(model: ExamModel, signal: AbortSignal): HTMLElement {
    const place = h('span', { class: 'live' });
    const show = (): void => {
      place.replaceChildren(
        model.live ? pill('good', 'check', say().live) : pill('plain', 'dots', say().reconnecting),
      );
    };
    show();
    const stop = model.onChange((change) => {
      if (change.event === 'live') show();
    });
    signal.addEventListener('abort', stop);
    return place;
  }
}
