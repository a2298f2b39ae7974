import { Refused, type Api } from '../lib/api.js';
import { h } from '../lib/dom.js';
import { inWords } from '../lib/page.js';
import type { Alert, Student } from './answers.js';
import { fullName } from './answers.js';
import { when } from './when.js';
import { alertWords, say } from './words.js';

/** The picture of an alert, asked for when it comes into view: who looked at it is recorded. */
export function evidence(api: Api, student: Student, alert: Alert): HTMLElement {
  if (!alert.hasEvidence) return h('p', { class: 'quiet evidence none' }, say().evidenceNone);
  const place = h('div', { class: 'picture' });
  const figure = h(
    'figure',
    { class: 'evidence' },
    place,
    h('figcaption', { class: 'quiet' }, `${say().evidenceLabel}. ${say().evidenceRead}`),
  );
  const load = async (): Promise<void> => {
    try {
      const picture = await api.picture(`${alert.name}/evidence`);
      const src = URL.createObjectURL(picture);
      const alt = say().evidenceOf(alertWords(alert.type), fullName(student), when(alert.beginTime));
      place.replaceChildren(h('img', { src, alt, onload: () => URL.revokeObjectURL(src) }));
    } catch (failure) {
      const gone = failure instanceof Refused && failure.status === 404;
      place.replaceChildren(h('p', { class: 'quiet' }, gone ? say().evidenceGone : inWords(failure)));
    }
  };
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    seen.disconnect();
    void load();
  });
  seen.observe(place);
  return figure;
}
