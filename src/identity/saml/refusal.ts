import { StatusError } from '../../call/index.js';

/** Why an identity provider's message was refused. For the log and the audit trail: the caller learns none of it. */
export type SamlProblem =
  /** Larger than 64 kB. */
  | 'TOO_LARGE'
  /** No base64, no UTF-8, no XML, or not a message that belongs here. */
  | 'UNREADABLE'
  /** A document type, an entity, a comment, CDATA, a processing instruction. */
  | 'FORBIDDEN_MARKUP'
  /** Other than one response with one assertion, or an ID that is there twice. */
  | 'SHAPE'
  /** Signatures elsewhere than on the response and on its assertion, or not both. */
  | 'SIGNATURE_PLACE'
  /** Signed by something else than RSA with SHA-256 or SHA-512, or transformed. */
  | 'ALGORITHM'
  /** Answers nothing that was asked here, or something that was asked long ago or answered already. */
  | 'UNKNOWN_REQUEST'
  /** Not the browser that began it. */
  | 'OTHER_BROWSER'
  | 'WRONG_DESTINATION'
  | 'WRONG_RECIPIENT'
  | 'WRONG_ISSUER'
  /** The identity provider itself says that it did not work. */
  | 'STATUS'
  /** A wrong signature, audience or time, as the SAML library says it. */
  | 'INVALID'
  /** This assertion was used before. */
  | 'REPLAYED'
  /** No certificate of the provider is valid now. */
  | 'NO_CERTIFICATE'
  /** It does not say who it is, by the attribute that the provider's mapping names. */
  | 'NO_IDENTIFIER'
  /** A code of a desktop client: unknown, used, too old, or of another client. */
  | 'CODE';

/** A message of an identity provider that is refused. `message` is private. */
export class SamlRefusal extends Error {
  constructor(
    readonly problem: SamlProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${problem}: ${message}`, options);
    this.name = 'SamlRefusal';
  }
}

/** The one public answer to all of them. */
export function refused(cause: SamlRefusal): StatusError {
  return new StatusError('SSO_REFUSED', 'Signing in through the university did not work.', {}, { cause });
}
