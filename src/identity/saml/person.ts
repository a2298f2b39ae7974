import { emailAddress, personName } from '../person.js';
import type { Assertion } from './assertion.js';
import type { AttributeNames, MappedRole, RoleMapping } from './provider.js';
import { SamlRefusal } from './refusal.js';

const EXTERNAL_ID_MAX = 256;

/** Identifiers whose case says nothing: eduPersonPrincipalName, and by its specification the subject-id. */
const CASELESS = new Set([
  'urn:oid:1.3.6.1.4.1.5923.1.1.1.6',
  'urn:mace:dir:attribute-def:eduPersonPrincipalName',
  'eduPersonPrincipalName',
  'urn:oasis:names:tc:SAML:attribute:subject-id',
  'urn:oasis:names:tc:SAML:attribute:pairwise-id',
]);

/** Somebody whom a provider knows. */
export interface Person {
  externalId: string;
  /** Null where the provider does not say, or not in a form that we know. */
  email: string | null;
  givenName: string | null;
  familyName: string | null;
  /** Null where none of the affiliations has a role. */
  role: MappedRole | null;
}

/** The id by which an account is found: the same for every way in which a provider may write it. */
export function canonicalId(attribute: string, value: string): string {
  const text = value.trim().normalize('NFC');
  return CASELESS.has(attribute) ? text.toLowerCase() : text;
}

/** Who an assertion is about. @throws SamlRefusal NO_IDENTIFIER */
export function personOf(
  { attributes }: Pick<Assertion, 'attributes'>,
  names: AttributeNames,
  roles: readonly RoleMapping[],
): Person {
  // Directories put the one that is used most first.
  const first = (name: string): string | undefined => attributes.get(name)?.[0];
  const [id, ...others] = attributes.get(names.externalId) ?? [];
  const externalId = canonicalId(names.externalId, id ?? '');
  if (externalId === '' || externalId.length > EXTERNAL_ID_MAX || others.length > 0) {
    throw new SamlRefusal('NO_IDENTIFIER', `not one value of ${names.externalId}`);
  }
  const affiliations = (attributes.get(names.affiliation) ?? []).map((each) => each.trim().toLowerCase());
  return {
    externalId,
    email: emailAddress.safeParse(first(names.email)).data ?? null,
    givenName: personName.safeParse(first(names.givenName)).data ?? null,
    familyName: personName.safeParse(first(names.familyName)).data ?? null,
    role: roles.find(({ affiliation }) => affiliations.includes(affiliation))?.role ?? null,
  };
}
