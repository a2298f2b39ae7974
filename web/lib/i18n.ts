import { store, stored } from './stored.js';

/** Languages of the pages. */
export type Language = 'en' | 'el';

type Text = string | ((...values: never[]) => string);
type Translated<T> = {
  [K in keyof T]: T[K] extends (...values: infer Values) => string ? (...values: Values) => string : string;
};

const CHOICE = 'probity.language';
const listeners = new Set<() => void>();
let current: Language = 'en';

export const language = (): Language => current;

/**
 * The language a page begins in: what was chosen by hand in this window, otherwise what its opener speaks, otherwise
 * the browser's.
 * @param offered a language tag, for instance `el` or `el-CY`
 */
export function beginLanguage(offered: string | null): void {
  const chosen = stored(CHOICE) ?? offered ?? navigator.language;
  apply(chosen.toLowerCase().startsWith('el') ? 'el' : 'en');
}

/** By hand: kept as long as the window. */
export function chooseLanguage(next: Language): void {
  store(CHOICE, next);
  apply(next);
  for (const listener of listeners) listener();
}

/** Called after each change by hand; answers what ends that. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function apply(next: Language): void {
  current = next;
  document.documentElement.lang = next;
}

/**
 * A page's texts in both languages: `say().title` is the text in the language of now. A text with something in it is a
 * function. A text that one language lacks does not compile.
 */
export function catalogue<const E extends Record<string, Text>>(
  en: E,
  el: NoInfer<Translated<E>>,
): () => Translated<E> {
  // The literal types of the English texts are wider than themselves.
  const texts = { en: en as unknown as Translated<E>, el };
  return () => texts[current];
}
