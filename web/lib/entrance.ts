import { Refused } from './api.js';
import { h, type Child } from './dom.js';
import { onLanguage } from './i18n.js';
import { button, failedContent, pressed } from './page.js';
import { Session } from './session.js';
import { common } from './words.js';

/** How a page shows that it cannot begin. */
export type Show = (title: string, ...content: Child[]) => void;

/** What a page says to whom it does not know. */
interface Texts {
  signInTitle: string;
  signInText: string;
  launchUsedTitle: string;
  launchUsedText: string;
}

/**
 * The login of this window; null where there is none, and the page says what to do.
 * @param signsIn whether who signs in and comes back has got anywhere: not where only a launch says what it is about
 */
export async function enter(show: Show, say: () => Texts, signsIn = true): Promise<Session | null> {
  for (;;) {
    try {
      const session = await Session.open();
      if (!session) outside(show, signsIn, () => [say().signInTitle, say().signInText]);
      return session;
    } catch (failure) {
      if (failure instanceof Refused && !failure.passing) {
        const used = failure.reason === 'LAUNCH_USED';
        outside(show, signsIn, () =>
          used ? [say().launchUsedTitle, say().launchUsedText] : [say().signInTitle, say().signInText],
        );
        return null;
      }
      const again = button(common().again, 'first');
      show(...failedContent(failure, again));
      await pressed(new AbortController().signal, again);
    }
  }
}

/** A page that cannot begin: what to do about it, in whatever language is chosen. */
export function stuck(show: Show, content: () => [title: string, ...Child[]]): void {
  const draw = (): void => show(...content());
  draw();
  onLanguage(draw);
}

/** To where people without a launch sign in; they come back to this page. */
export function signInLink(): HTMLElement {
  const here = location.pathname + location.search + location.hash;
  return h('a', { href: `/sign-in/?return=${encodeURIComponent(here)}` }, common().signIn);
}

function outside(show: Show, signsIn: boolean, texts: () => [title: string, text: string]): void {
  stuck(show, () => {
    const [title, text] = texts();
    return [title, h('p', {}, text), signsIn && h('p', {}, signInLink())];
  });
}
