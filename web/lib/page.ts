import { Refused, Unreachable } from './api.js';
import { h, icon, tell, type Child, type Icon } from './dom.js';
import { chooseLanguage, language, type Language } from './i18n.js';
import { common } from './words.js';

/** How a state looks; what it says is beside it. */
export type Tone = 'good' | 'warn' | 'bad' | 'plain';
const SIGNS: Record<Tone, Icon> = { good: 'check', warn: 'alert', bad: 'cross', plain: 'dots' };

/** A state in words, with a sign: what it is, and what there is to say of it. */
export function stateBox(tone: Tone, text: string, ...lines: string[]): HTMLElement {
  const more =
    lines.length > 1
      ? [h('ul', {}, ...lines.map((line) => h('li', {}, line)))]
      : lines.map((line) => h('p', {}, line));
  const what = h('p', lines.length > 0 ? { class: 'what' } : {}, text);
  return h('div', { class: `state ${tone}` }, icon(SIGNS[tone]), h('div', {}, what, ...more));
}

/** A button; the page's main one is the `first`. */
export function button(text: string, kind: 'first' | 'second' = 'second'): HTMLButtonElement {
  return h('button', { type: 'button', class: kind }, text);
}

/** Resolves when one of the buttons is pressed, with its place; rejects when the signal aborts. */
export function pressed(signal: AbortSignal, ...buttons: HTMLButtonElement[]): Promise<number> {
  return new Promise((resolve, reject) => {
    buttons.forEach((each, place) => {
      each.addEventListener('click', () => resolve(place), { signal });
    });
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** What failed, in words for people. */
export function inWords(failure: unknown): string {
  if (failure instanceof Unreachable) return common().unreachable;
  if (failure instanceof Refused)
    return failure.passing ? common().busy : common().refused(failure.reason, failure.message);
  reportError(failure);
  return common().broken;
}

/** What a page shows that could not go on: why, and the button for another try. */
export function failedContent(failure: unknown, again: HTMLButtonElement): [title: string, ...HTMLElement[]] {
  return [common().failedTitle, stateBox('bad', inWords(failure)), h('div', { class: 'actions' }, again)];
}

const LANGUAGES: Record<Language, string> = { en: 'English', el: 'Ελληνικά' };

/** The line on top of every page: whose it is, what about, and the language. */
export function topLine(about: string): HTMLElement {
  const choices = Object.entries(LANGUAGES).map(([code, name]) =>
    h(
      'button',
      {
        type: 'button',
        lang: code,
        'aria-pressed': String(code === language()),
        onclick: () => chooseLanguage(code as Language),
      },
      name,
    ),
  );
  return h(
    'header',
    { class: 'top' },
    h('p', { class: 'brand' }, h('strong', {}, common().product), about !== '' && h('span', {}, about)),
    h('div', { class: 'languages', role: 'group', 'aria-label': common().language }, ...choices),
  );
}

/** The main part of a page, whose content changes: what is new is read from its heading on. */
export class Stage {
  readonly element = h('main', { class: 'card' });
  /** Outlives every view, as a live region must. */
  readonly live = h('div', { role: 'status', class: 'hidden-text' });
  /** Heading of what is shown. */
  title = '';

  /** Shows another view. Where it takes the focus away, that goes to its heading: keyboards and screen readers go on there. */
  show(title: string, ...content: Child[]): void {
    const first = this.title === '';
    const heading = h('h1', { tabindex: -1 }, title);
    this.element.replaceChildren(heading, ...content.filter((each) => each !== null && each !== false));
    document.title = `${title} – ${common().product}`;
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (lost && !first) heading.focus();
    else if (title !== this.title) this.announce(title);
    this.title = title;
  }

  /** Says something that changed without a new view. */
  announce(text: string): void {
    tell(this.live, text);
  }
}
