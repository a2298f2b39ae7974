import { language } from '../lib/i18n.js';

/** Both write the time of day in 24 hours. */
const PLACES = { en: 'en-GB', el: 'el-GR' } as const;

/** A moment as people say it: the time alone where it is of today. */
export function when(iso: string | null): string {
  if (iso === null) return '';
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  const style = today ? {} : ({ dateStyle: 'medium' } as const);
  return new Intl.DateTimeFormat(PLACES[language()], { timeStyle: 'medium', ...style }).format(at);
}
