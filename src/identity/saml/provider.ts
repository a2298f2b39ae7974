import type { Role } from '../../call/index.js';
import type { IdpMetadata } from './metadata.js';

/** Whom a provider may bring into being. */
export type Provisioning = 'OFF' | 'STUDENTS' | 'ALL';

/** Which attributes say what, by their `Name`. */
export interface AttributeNames {
  externalId: string;
  email: string;
  givenName: string;
  familyName: string;
  affiliation: string;
}

/** Roles that an affiliation may have: an ADMIN is made by an ADMIN. */
export type MappedRole = Exclude<Role, 'ADMIN'>;

export interface RoleMapping {
  /** Lower case. */
  affiliation: string;
  role: MappedRole;
}

/** What an ADMIN decides about a provider. */
export interface ProviderSettings {
  displayName: string;
  attributes: AttributeNames;
  /** The first that fits counts. */
  roles: RoleMapping[];
  provisioning: Provisioning;
}

/** A SAML identity provider of an organisation. */
export interface IdentityProvider extends ProviderSettings {
  /** UUID. */
  id: string;
  organisationId: string;
  metadata: IdpMetadata;
  /** Null where the metadata were given as a file. */
  metadataUrl: string | null;
  /** UTC milliseconds. */
  refreshedAt: number;
  /** Why the last refresh brought nothing. */
  refreshProblem: string | null;
  /** In which our key for it is sealed. */
  containerId: string;
  signingKey: Buffer;
  /** Of that key: base64 of DER. */
  certificate: string;
  createdAt: number;
  version: number;
}

/** eduPerson and friends, as federations name them (MACE-Dir). */
export const USUAL_ATTRIBUTES: AttributeNames = {
  externalId: 'urn:oid:1.3.6.1.4.1.5923.1.1.1.6',
  email: 'urn:oid:0.9.2342.19200300.100.1.3',
  givenName: 'urn:oid:2.5.4.42',
  familyName: 'urn:oid:2.5.4.4',
  affiliation: 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1',
};

/** Our addresses for a provider; the first is our entityID there. */
export interface ServiceProviderUrls {
  metadata: string;
  acs: string;
  slo: string;
}

export function urlsOf(publicUrl: string, { id }: Pick<IdentityProvider, 'id'>): ServiceProviderUrls {
  const base = `${publicUrl}/probity/v1/sso/providers/${id}`;
  return { metadata: `${base}/metadata`, acs: `${base}/acs`, slo: `${base}/slo` };
}

/** What our signing key for a provider is sealed for. */
export function keyPurpose({ id }: Pick<IdentityProvider, 'id'>): string {
  return `saml-key:${id}`;
}
