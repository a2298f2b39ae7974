import { h } from '../../lib/dom.js';
import { button, pressed } from '../../lib/page.js';
import type { Turn } from '../app.js';
import { askStaff } from '../approval.js';
import { say } from '../words.js';

/** The policies as they are in force, and a choice: refusing is as easy as agreeing. */
export async function consent({ app, state, signal }: Turn): Promise<void> {
  const { policies } = state.consent;
  const yes = button(say().consentYes, 'first');
  const no = button(say().consentNo);
  app.shell.stage.show(
    say().consentTitle,
    h('p', {}, say().consentText),
    ...policies.map(({ text }) => h('div', { class: 'policy' }, ...paragraphs(text))),
    h('p', { class: 'quiet' }, say().consentNoNote),
    h('div', { class: 'actions' }, yes, no),
  );
  if ((await pressed(signal, yes, no)) === 0) {
    for (const { modality, purpose, version } of policies) {
      await app.api.post('consents', { modality, purpose, policyVersion: version });
    }
  } else {
    await askStaff(app, say().consentRefusedNote);
  }
}

function paragraphs(text: string): HTMLElement[] {
  return text.split(/\n+/).map((each) => h('p', {}, each));
}
