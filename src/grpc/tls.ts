import { readFile } from 'node:fs/promises';
import { ChannelCredentials, ServerCredentials } from '@grpc/grpc-js';

/** TLS of the server, all PEM files. With `clientCaFile`, only clients with a certificate under it are served. */
export interface ServerTls {
  certFile: string;
  keyFile: string;
  clientCaFile?: string;
}

/** TLS of a client, all PEM files. Without `caFile`, the system's roots are trusted. */
export interface ClientTls {
  caFile?: string;
  /** The client's own certificate, for a server that asks for one. */
  certFile?: string;
  keyFile?: string;
}

/** Credentials of a server; plain text without TLS. Throws where a file cannot be read. */
export async function serverCredentials(tls: ServerTls | null): Promise<ServerCredentials> {
  if (!tls) return ServerCredentials.createInsecure();
  const [cert_chain, private_key, clientCa] = await Promise.all([
    readFile(tls.certFile),
    readFile(tls.keyFile),
    tls.clientCaFile === undefined ? null : readFile(tls.clientCaFile),
  ]);
  return ServerCredentials.createSsl(clientCa, [{ cert_chain, private_key }], clientCa !== null);
}

/** Credentials of a channel; plain text without TLS. Throws where a file cannot be read. */
export async function channelCredentials(tls: ClientTls | null): Promise<ChannelCredentials> {
  if (!tls) return ChannelCredentials.createInsecure();
  const read = (file: string | undefined) => (file === undefined ? null : readFile(file));
  const [ca, key, cert] = await Promise.all([read(tls.caFile), read(tls.keyFile), read(tls.certFile)]);
  return ChannelCredentials.createSsl(ca, key, cert);
}
