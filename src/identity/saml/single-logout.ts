import { hashed } from '../../call/index.js';
import type { Storage } from '../../storage/index.js';
import type { Authentication } from '../authentication.js';
import { sessionsNamed } from './account-store.js';
import { decodePosted, decodeRedirected, parseMessage, requireLogout } from './message.js';
import { urlsOf, type IdentityProvider } from './provider.js';
import { readRedirectQuery } from './redirect-query.js';
import { SamlRefusal } from './refusal.js';
import { CLOCK_SKEW_MS, type ServiceProvider } from './service-provider.js';
import { SPENT_MS } from './sign-in.js';
import { requestById, spend, takeRequest } from './sign-in-store.js';
import type { Sso } from './sso.js';
import { attributeOf, elements, textOf } from './xml.js';

/** A request to sign out is of now. */
const REQUEST_MAX_AGE_MS = 5 * 60_000;

/** What a provider sends by way of a browser. */
export type LogoutMessage =
  { query: string } | { samlRequest: string; samlResponse: string; relayState: string };

export interface SingleLogout {
  /**
   * Ends every login that a provider's request names, or takes its answer to ours.
   * @returns where the browser goes with our answer; null where there is none to give
   * @throws SamlRefusal
   */
  accept(provider: IdentityProvider, message: LogoutMessage): Promise<string | null>;
}

/** A message, by whichever binding, before it is proven. */
interface Unproven {
  name: 'LogoutRequest' | 'LogoutResponse';
  xml: string;
  signed: 'INSIDE' | 'OUTSIDE';
  relayState: string;
  prove(us: ServiceProvider): Promise<void> | void;
}

export function createSingleLogout(deps: {
  storage: Storage;
  authentication: Authentication;
  sso: Pick<Sso, 'seenBy'>;
  clock: { now(): number };
  publicUrl: string;
}): SingleLogout {
  const { storage, authentication, sso, clock, publicUrl } = deps;

  /** Whatever status the answer has: the login here ended before the provider was asked. */
  async function answered(provider: IdentityProvider, answer: Element): Promise<void> {
    const id = attributeOf(answer, 'InResponseTo') ?? '';
    const request = await requestById(storage.db, provider.id, id, clock.now());
    const ours = request?.destination.kind === 'SIGNED_OUT';
    if (!ours || !(await takeRequest(storage.db, id))) {
      throw new SamlRefusal('UNKNOWN_REQUEST', 'an answer to nothing that we asked');
    }
  }

  async function asked(provider: IdentityProvider, request: Element): Promise<string> {
    const id = attributeOf(request, 'ID') ?? '';
    const now = clock.now();
    const age = now - Date.parse(attributeOf(request, 'IssueInstant') ?? '');
    const end = attributeOf(request, 'NotOnOrAfter');
    const over = end !== null && !(now - CLOCK_SKEW_MS < Date.parse(end));
    if (id === '' || !(Math.abs(age) <= REQUEST_MAX_AGE_MS) || over) {
      throw new SamlRefusal('INVALID', 'a request without ID, or not of now');
    }
    const [nameId, ...others] = elements(request, './saml:NameID').map(textOf);
    // A session without a name is nobody's to end.
    if (!nameId || others.length > 0) throw new SamlRefusal('INVALID', 'a request that names nobody');
    const nameHash = hashed(nameId);
    const indexes = elements(request, './samlp:SessionIndex').map(textOf);
    await storage.transaction(async (tx) => {
      const message = { providerId: provider.id, idHash: hashed(id), expiresAt: now + SPENT_MS };
      if (!(await spend(tx, message))) throw new SamlRefusal('REPLAYED', 'a request that came before');
      const sessions = await sessionsNamed(tx, provider.id, nameHash);
      const meant = sessions.filter(
        ({ subject }) => indexes.length === 0 || indexes.includes(subject.sessionIndex ?? ''),
      );
      for (const { loginId } of meant) await authentication.revoke(tx, loginId, 'single log-out');
    });
    return id;
  }

  return {
    async accept(provider, message) {
      const unproven = 'query' in message ? fromQuery(message.query) : fromForm(message);
      const { name, xml, signed, relayState } = unproven;
      const root = requireLogout(parseMessage(xml), name, {
        ...{ destination: urlsOf(publicUrl, provider).slo, issuer: provider.metadata.entityId, signed },
      });
      const us = await sso.seenBy(provider);
      await unproven.prove(us);
      if (name === 'LogoutResponse') {
        await answered(provider, root);
        return null;
      }
      const id = await asked(provider, root);
      return provider.metadata.logout && us.signedOutUrl(id, relayState);
    },
  };
}

function fromQuery(query: string): Unproven {
  const { name, message, relayState, signature } = readRedirectQuery(query);
  return {
    name: name === 'SAMLRequest' ? 'LogoutRequest' : 'LogoutResponse',
    xml: decodeRedirected(message),
    signed: 'OUTSIDE',
    relayState,
    prove: (us) => us.requireRedirected(signature),
  };
}

function fromForm(form: { samlRequest: string; samlResponse: string; relayState: string }): Unproven {
  const { samlRequest, samlResponse, relayState } = form;
  const asks = samlRequest !== '';
  if (asks === (samlResponse !== '')) throw new SamlRefusal('UNREADABLE', 'not one message');
  return {
    name: asks ? 'LogoutRequest' : 'LogoutResponse',
    xml: decodePosted(asks ? samlRequest : samlResponse),
    signed: 'INSIDE',
    relayState,
    prove: (us) => (asks ? us.requirePostedRequest(samlRequest) : us.requirePostedAnswer(samlResponse)),
  };
}
