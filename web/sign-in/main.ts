import { Refused, request, Unreachable } from '../lib/api.js';
import { h, type Child } from '../lib/dom.js';
import { beginLanguage, onLanguage } from '../lib/i18n.js';
import { button, Stage, stateBox, topLine } from '../lib/page.js';
import { Session } from '../lib/session.js';
import { store, stored } from '../lib/stored.js';
import { common } from '../lib/words.js';
import { problemInWords, say } from './words.js';

interface Organisation {
  name: string;
  displayName: string;
}
interface Provider {
  id: string;
  displayName: string;
}

const CHOICE = 'probity.organisation';
const PREFIX = 'organisations/';
const query = new URLSearchParams(location.search);
const stage = new Stage();

/** What the page says above everything: a reason of the server, or that somebody signed out. */
type Note = { problem: string } | 'signedOut' | 'unreachable' | null;

/** A path of this service, and nothing that leads elsewhere; null where none was asked for. */
function returnPath(): string | null {
  const asked = query.get('return');
  if (asked === null || !asked.startsWith('/') || !URL.canParse(asked, location.origin)) return null;
  const { origin, pathname, search, hash } = new URL(asked, location.origin);
  return origin === location.origin && !/^\/[/\\]/.test(pathname) ? pathname + search + hash : null;
}

function noteBox(note: Note): HTMLElement | null {
  if (note === null) return null;
  if (note === 'signedOut') return stateBox('good', say().signedOut);
  if (note === 'unreachable') return stateBox('bad', common().unreachable);
  return stateBox('bad', problemInWords(note.problem));
}

/** The page around what is shown, in the language of now. */
function around(): void {
  const choosing = document.activeElement?.closest('.languages');
  document.querySelector('header')?.remove();
  const top = topLine('');
  document.body.prepend(top);
  if (choosing) top.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
}

function show(title: string, note: Note, ...content: Child[]): void {
  around();
  stage.show(title, noteBox(note), ...content);
  const said = stage.element.querySelector('.state p')?.textContent;
  if (said) stage.announce(said);
}

/** Somebody is signed in already: where they want to go, or out. */
function signedIn(session: Session, note: Note): void {
  const { givenName, familyName, email } = session.user;
  const path = returnPath();
  const signOut = button(say().signOut);
  signOut.addEventListener('click', () => {
    signOut.disabled = true;
    void leave(session);
  });
  show(
    say().signedInTitle,
    note,
    h('p', {}, say().signedInAs(`${givenName} ${familyName}`, email)),
    h(
      'div',
      { class: 'actions' },
      path !== null && h('a', { class: 'button', href: path }, say().goOn),
      signOut,
    ),
  );
}

async function leave(session: Session): Promise<void> {
  try {
    location.assign((await session.end()) ?? '/sign-in/?signed-out');
  } catch (failure) {
    const note = noteOf(failure);
    again = () => signedIn(session, note);
    again();
  }
}

/** What is typed survives a change of the language. */
const typed = { email: '', password: '' };

function passwordForm(organisation: string, alone: boolean): HTMLFormElement {
  const email = h('input', {
    ...{
      id: 'email',
      type: 'email',
      name: 'email',
      autocomplete: 'username',
      required: true,
      value: typed.email,
    },
    oninput: () => (typed.email = email.value),
  });
  const password = h('input', {
    ...{
      id: 'password',
      type: 'password',
      name: 'password',
      autocomplete: 'current-password',
      required: true,
    },
    ...{ value: typed.password, oninput: () => (typed.password = password.value) },
  });
  const submit = h('button', { type: 'submit', class: alone ? 'first' : 'second' }, say().signIn);
  const form = h(
    'form',
    {},
    h('h2', {}, say().passwordTitle),
    h('div', { class: 'field' }, h('label', { for: 'email' }, say().email), email),
    h('div', { class: 'field' }, h('label', { for: 'password' }, say().password), password),
    submit,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit.disabled = true;
    void enter({ organisation, email: email.value, password: password.value });
  });
  return form;
}

async function enter(credentials: { organisation: string; email: string; password: string }): Promise<void> {
  try {
    await request('browser-session', { method: 'POST', body: credentials });
    Session.forget();
    typed.password = '';
    // Without a place to go, this page says who is signed in.
    location.assign(returnPath() ?? '/sign-in/');
  } catch (failure) {
    typed.password = '';
    await choose(noteOf(failure));
    document.querySelector<HTMLElement>('#password')?.focus();
  }
}

function noteOf(failure: unknown): Note {
  if (failure instanceof Unreachable) return 'unreachable';
  if (failure instanceof Refused) return { problem: failure.reason };
  throw failure;
}

function ways(providers: readonly Provider[]): HTMLElement {
  const onward = new URLSearchParams({ return: returnPath() ?? '/sign-in/' });
  const items = providers.map(({ id, displayName }) =>
    h(
      'li',
      {},
      h(
        'a',
        {
          ...{ class: 'button', href: `/probity/v1/sso/providers/${id}/login?${onward}` },
          onclick: () => Session.forget(),
        },
        say().with(displayName),
      ),
    ),
  );
  return h('ul', { class: 'ways' }, ...items);
}

/** The organisation that was chosen before, or is asked for; the first otherwise. */
function chosenOf(organisations: readonly Organisation[]): string {
  const codes = organisations.map(({ name }) => name.slice(PREFIX.length));
  const wished = stored(CHOICE) ?? query.get('organisation') ?? '';
  return codes.includes(wished) ? wished : (codes[0] ?? '');
}

function chooser(organisations: readonly Organisation[], chosen: string): HTMLElement | null {
  if (organisations.length < 2) return null;
  const options = organisations.map(({ name, displayName }) => {
    const code = name.slice(PREFIX.length);
    return h('option', { value: code, selected: code === chosen }, displayName);
  });
  const select = h('select', { id: 'organisation' }, ...options);
  select.addEventListener('change', () => {
    store(CHOICE, select.value);
    void choose(null).then(() => document.querySelector<HTMLElement>('#organisation')?.focus());
  });
  return h('div', { class: 'field' }, h('label', { for: 'organisation' }, say().organisation), select);
}

/** Draws what is shown once more, in another language. */
let again: () => void = () => undefined;

/** The ways to sign in to an organisation. */
async function choose(note: Note): Promise<void> {
  try {
    const { organisations } = await request<{ organisations: Organisation[] }>('organisations');
    const organisation = chosenOf(organisations);
    const { providers } = await request<{ providers: Provider[] }>('sso/providers', {
      query: { organisation },
    });
    again = () =>
      show(
        say().title,
        note,
        chooser(organisations, organisation),
        providers.length > 0 && ways(providers),
        passwordForm(organisation, providers.length === 0),
      );
  } catch (failure) {
    offerRetry(failure, () => choose(note));
    return;
  }
  again();
}

/** Something failed that may work in a moment. */
function offerRetry(failure: unknown, retry: () => Promise<void>): void {
  const note = noteOf(failure);
  again = () => {
    const press = button(common().again, 'first');
    press.addEventListener('click', () => void retry());
    show(say().title, note, h('div', { class: 'actions' }, press));
  };
  again();
}

function firstNote(): Note {
  const problem = query.get('problem');
  if (problem !== null) return { problem };
  return query.has('signed-out') ? 'signedOut' : null;
}

async function main(): Promise<void> {
  beginLanguage(null);
  document.body.replaceChildren(h('div', { class: 'page' }, stage.element), stage.live);
  onLanguage(() => again());
  await begin();
}

async function begin(): Promise<void> {
  const note = firstNote();
  try {
    const session = note === null ? await Session.proven() : null;
    const path = returnPath();
    if (!session) await choose(note);
    else if (path !== null) location.replace(path);
    else {
      again = () => signedIn(session, null);
      again();
    }
  } catch (failure) {
    offerRetry(failure, begin);
  }
}

void main();
