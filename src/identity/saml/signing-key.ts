import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};
/** What counts is the key in our metadata; a certificate is only how metadata write one. */
const YEARS = 10;

/** A key of ours that signs what we send to one provider. */
export interface NewSigningKey {
  /** PKCS #8, PEM. */
  privateKey: string;
  /** Self-signed; base64 of DER. */
  certificate: string;
}

/** Makes a key. About a quarter of a second of one core. */
export async function newSigningKey(now: number): Promise<NewSigningKey> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Probity',
    notBefore: new Date(now),
    notAfter,
    signingAlgorithm: ALGORITHM,
    keys,
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    privateKey: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
    certificate: certificate.toString('base64'),
  };
}
