import { readFileSync } from 'node:fs';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { BadRequest, ErrorInfo } from '../../src/grpc/gen/google/rpc/error_details.js';
import { Status } from '../../src/grpc/gen/google/rpc/status.js';

/** Ten pictures of 8 MiB, and 1 MiB for everything around them: the server's own limit. */
const MAX_MESSAGE_BYTES = 81 * 1024 * 1024;

/** A channel to the core: TLS with `ca`, mutual TLS with all three PEM files, plain text with none. */
export function connect(address: string, files: { ca?: string; cert?: string; key?: string }): Client {
  const read = (file: string | undefined) => (file === undefined ? null : readFileSync(file));
  const security = files.ca
    ? credentials.createSsl(read(files.ca), read(files.key), read(files.cert))
    : credentials.createInsecure();
  return new Client(address, security, {
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.keepalive_time_ms': 60_000,
  });
}

/** Metadata of a call in somebody's name. */
export function bearer(accessToken: string): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${accessToken}`);
  return metadata;
}

/** A unary method of a generated service definition. */
interface Method<Request, Response> {
  path: string;
  requestSerialize: (request: Request) => Buffer;
  responseDeserialize: (bytes: Buffer) => Response;
}

/** Calls a unary method, with 30 seconds to answer. */
export function call<Request, Response>(
  client: Client,
  { path, requestSerialize, responseDeserialize }: Method<Request, Response>,
  request: Request,
  metadata = new Metadata(),
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const options = { deadline: Date.now() + 30_000 };
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      options,
      (error, answer) => {
        if (error) reject(error);
        else resolve(answer as Response);
      },
    );
  });
}

/** The stable reason and the named fields of a failed call, from its `google.rpc.Status`. */
export function detailsOf(error: ServiceError): {
  reason: string | undefined;
  fields: { field: string; description: string }[];
} {
  const encoded = error.metadata.get('grpc-status-details-bin')[0];
  const details = Buffer.isBuffer(encoded) ? Status.decode(encoded).details : [];
  const find = (type: string) =>
    details.find(({ typeUrl }) => typeUrl.endsWith(`/google.rpc.${type}`))?.value;
  const info = find('ErrorInfo');
  const bad = find('BadRequest');
  return {
    reason: info && ErrorInfo.decode(info).reason,
    fields: bad ? BadRequest.decode(bad).fieldViolations : [],
  };
}
