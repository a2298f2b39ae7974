import { createHash, X509Certificate, type KeyObject } from 'node:crypto';

/** Weakest RSA key of a provider whose signatures are accepted, in bits. */
const LEAST_BITS = 2048;

/** A certificate of a provider as its metadata have it: base64 of DER, without white space. */
export interface SigningCertificate {
  base64: string;
  /** SHA-256, hex. */
  fingerprint: string;
  /** UTC milliseconds. */
  endsAt: number;
}

/**
 * Reads a certificate. Null for one that we cannot or do not want to verify with: other keys than RSA, which is what
 * the signatures that we accept are made with, and short ones.
 * @throws Error for what is no certificate
 */
export function readCertificate(base64: string): SigningCertificate | null {
  const der = Buffer.from(base64, 'base64');
  const certificate = new X509Certificate(der);
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_BITS) return null;
  return {
    base64: der.toString('base64'),
    fingerprint: createHash('sha256').update(der).digest('hex'),
    endsAt: Date.parse(certificate.validTo),
  };
}

export function publicKeyOf({ base64 }: Pick<SigningCertificate, 'base64'>): KeyObject {
  return new X509Certificate(Buffer.from(base64, 'base64')).publicKey;
}
