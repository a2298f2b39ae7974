import { hashed, newSecret, StatusError } from '../../call/index.js';
import type { Audit } from '../../events/index.js';
import { again, type Db, type Storage } from '../../storage/index.js';
import type { Authentication, BegunLogin, Tokens } from '../authentication.js';
import * as users from '../store.js';
import type { User } from '../types.js';
import { insertSession, sessionOfLogin } from './account-store.js';
import { readAssertion, type Assertion, type SessionSubject } from './assertion.js';
import { decodePosted, parseMessage, requireShape } from './message.js';
import { ownMetadata } from './own-metadata.js';
import { personOf } from './person.js';
import { providerById, providersOf } from './provider-store.js';
import { keyPurpose, urlsOf, type IdentityProvider } from './provider.js';
import { providerNotFound } from './providers.js';
import { admit, type Refusal } from './provisioning.js';
import { SamlRefusal } from './refusal.js';
import {
  CODE_MS,
  isCodeGood,
  isSameBrowser,
  REQUEST_MS,
  SPENT_MS,
  withCode,
  type Destination,
  type SignInRequest,
} from './sign-in.js';
import * as store from './sign-in-store.js';
import { serviceProvider, type ServiceProvider } from './service-provider.js';

export type SignedIn = Tokens & { user: User };

/** What came of an answer of a provider. */
export type Outcome = { path: string; signedIn: SignedIn } | { loopbackUrl: string };

/** Signing in through an identity provider, from the browser's first step to tokens. */
export interface Sso {
  /** @throws StatusError PROVIDER_NOT_FOUND */
  provider(id: string): Promise<IdentityProvider>;
  options(organisationId: string): Promise<IdentityProvider[]>;
  /** @param browser what it holds already; empty where nothing. @throws SamlRefusal NO_CERTIFICATE */
  begin(
    provider: IdentityProvider,
    destination: Destination,
    browser: string,
  ): Promise<{ redirectUrl: string; browser: string }>;
  /** Whether this browser has begun to sign in there, and nothing has come of it yet. */
  hasBegun(provider: IdentityProvider, browser: string): Promise<boolean>;
  /** @throws SamlRefusal. @throws StatusError ACCOUNT_CONFLICT, ACCOUNT_NOT_ADMITTED */
  accept(provider: IdentityProvider, samlResponse: string, browser: string): Promise<Outcome>;
  /** @throws SamlRefusal CODE */
  exchange(code: string, proof: { codeVerifier: string; redirectUri: string }): Promise<SignedIn>;
  /** Ends the login of a refresh token. @returns where to sign out of the rest; null where nowhere */
  signOut(refreshToken: string): Promise<string | null>;
  metadata(provider: IdentityProvider): string;
  /** We, as this provider sees us. @throws SamlRefusal NO_CERTIFICATE */
  seenBy(
    provider: IdentityProvider,
    asking?: Pick<SignInRequest, 'browserHash' | 'destination'>,
  ): Promise<ServiceProvider>;
}

/** What a transaction made of somebody whom a provider vouches for. */
type Came = Refusal | { begun: BegunLogin; path: string } | { loopbackUrl: string };

export function createSso(deps: {
  storage: Storage;
  audit: Audit;
  authentication: Authentication;
  clock: { now(): number };
  publicUrl: string;
}): Sso {
  const { storage, audit, authentication, clock, publicUrl } = deps;
  const { db, containers } = storage;

  const seenBy: Sso['seenBy'] = async (provider, asking = NOT_ASKING) => {
    const { id: providerId, containerId, signingKey } = provider;
    const key = await containers.open(db, containerId, keyPurpose(provider), signingKey);
    const us = { urls: urlsOf(publicUrl, provider), privateKey: key.toString('utf8') };
    return serviceProvider(
      provider,
      us,
      {
        async remember(id) {
          const now = clock.now();
          await store.insertRequest(db, { ...asking, id, providerId, expiresAt: now + REQUEST_MS }, now);
        },
        isWaiting: async (id) => (await store.requestById(db, providerId, id, clock.now())) !== null,
      },
      clock.now(),
    );
  };

  /** The request that a response answers, in the browser that began it. */
  async function requestOf(provider: IdentityProvider, inResponseTo: string | null, browser: string) {
    const request =
      inResponseTo === null ? null : await store.requestById(db, provider.id, inResponseTo, clock.now());
    if (!request || request.destination.kind === 'SIGNED_OUT') {
      throw new SamlRefusal('UNKNOWN_REQUEST', inResponseTo === null ? 'unsolicited' : 'none is waiting');
    }
    if (!isSameBrowser(request, browser)) throw new SamlRefusal('OTHER_BROWSER', 'not the one that began it');
    return { ...request, destination: request.destination };
  }

  /** Uses up the request and the assertion, whatever becomes of them: of several nodes, one does. */
  async function spend(request: SignInRequest, assertion: Assertion): Promise<void> {
    const { providerId } = request;
    const idHash = hashed(assertion.id);
    const fresh = await storage.transaction(
      async (tx) =>
        (await store.spend(tx, { providerId, idHash, expiresAt: clock.now() + SPENT_MS })) &&
        (await store.takeRequest(tx, request.id)),
    );
    if (!fresh) throw new SamlRefusal('REPLAYED', 'the assertion or its request was used before');
  }

  async function open(tx: Db, user: User, providerId: string, subject: SessionSubject): Promise<BegunLogin> {
    const begun = await authentication.begin(tx, user, 'SSO');
    const nameHash = hashed(subject.nameId);
    await insertSession(tx, { loginId: begun.login.id, providerId, nameHash, subject });
    return begun;
  }

  async function makeCode(
    tx: Db,
    user: User,
    providerId: string,
    subject: SessionSubject,
    { redirectUri, codeChallenge, state }: Extract<Destination, { kind: 'LOOPBACK' }>,
  ): Promise<string> {
    const code = newSecret();
    await store.insertCode(tx, {
      ...{ hash: hashed(code), providerId, userId: user.id, subject, redirectUri, codeChallenge },
      expiresAt: clock.now() + CODE_MS,
    });
    return withCode(redirectUri, code, state);
  }

  return {
    seenBy,

    async provider(id) {
      const provider = await providerById(db, id);
      if (!provider) throw providerNotFound(id);
      return provider;
    },

    options: (organisationId) => providersOf(db, organisationId),

    async begin(provider, destination, held) {
      const browser = held === '' ? newSecret() : held;
      const us = await seenBy(provider, { browserHash: hashed(browser), destination });
      return { redirectUrl: await us.signInUrl(), browser };
    },

    hasBegun: (provider, browser) => store.hasRequest(db, provider.id, hashed(browser), clock.now()),

    async accept(provider, samlResponse, browser) {
      const urls = urlsOf(publicUrl, provider);
      const issuer = provider.metadata.entityId;
      const document = parseMessage(decodePosted(samlResponse));
      const { inResponseTo } = requireShape(document, { destination: urls.acs, issuer });
      const request = await requestOf(provider, inResponseTo, browser);
      const us = await seenBy(provider);
      const assertion = readAssertion(await us.signedAssertion(samlResponse), {
        ...{ issuer, recipient: urls.acs, inResponseTo: request.id },
      });
      await spend(request, assertion);

      const person = personOf(assertion, provider.attributes, provider.roles);
      const { subject } = assertion;
      const { destination } = request;
      // Again: of two first visits at once, one makes the account.
      const came = await again(() =>
        storage.transaction(async (tx): Promise<Came> => {
          const admission = await admit(tx, { audit, clock }, provider, person);
          if ('refused' in admission) return admission;
          const { user } = admission;
          return destination.kind === 'PAGE'
            ? { begun: await open(tx, user, provider.id, subject), path: destination.path }
            : { loopbackUrl: await makeCode(tx, user, provider.id, subject, destination) };
        }),
      );
      if ('refused' in came) throw notAdmitted(came);
      if ('loopbackUrl' in came) return came;
      return { path: came.path, signedIn: await authentication.issue(came.begun) };
    },

    async exchange(presented, proof) {
      // Used up first: whoever brings a code of another client has stolen it.
      const code = await storage.transaction((tx) => store.takeCode(tx, hashed(presented)));
      if (!code || !isCodeGood(code, proof, clock.now())) {
        throw new SamlRefusal('CODE', code ? 'of another client, or too old' : 'unknown or used');
      }
      const begun = await storage.transaction(async (tx) => {
        const user = await users.anyUserById(tx, code.userId);
        return user && open(tx, user, code.providerId, code.subject);
      });
      if (!begun) throw new SamlRefusal('CODE', 'its user is gone');
      return authentication.issue(begun);
    },

    async signOut(refreshToken) {
      const login = await authentication.endLogin(refreshToken);
      const session = login && (await sessionOfLogin(db, login.id));
      if (!session || session.subject.nameId === '') return null;
      const provider = await providerById(db, session.providerId);
      if (!provider?.metadata.logout) return null;
      const us = await seenBy(provider, NOT_ASKING);
      return us.signOutUrl(session.subject);
    },

    metadata: (provider) => ownMetadata(urlsOf(publicUrl, provider), provider.certificate),
  };
}

/** What is remembered of a request that signs nobody in. */
const NOT_ASKING: Pick<SignInRequest, 'browserHash' | 'destination'> = {
  browserHash: '',
  destination: { kind: 'SIGNED_OUT' },
};

function notAdmitted({ refused, why }: Refusal): StatusError {
  const cause = new Error(why);
  return refused === 'CONFLICT'
    ? new StatusError(
        'ACCOUNT_CONFLICT',
        'There is an account with this e-mail, which an administrator has to link first.',
        {},
        { cause },
      )
    : new StatusError(
        'ACCOUNT_NOT_ADMITTED',
        'The university knows you, but there is no account for you here.',
        {},
        { cause },
      );
}
