/** The core's contract and the ways to it: in process, and over a channel from both ends. */
export * from './service.js';
export { services } from './core.js';
export type { Core, CoreHandlers, Services } from './core.js';
export { requestIdFrom } from './interceptors.js';
export type { Interceptors } from './interceptors.js';
export { inProcessCore } from './in_process.js';
export { createGrpcServer } from './server.js';
export type { GrpcServer, GrpcServerOptions } from './server.js';
export { remoteCore } from './client.js';
export type { RemoteCore, RemoteCoreOptions } from './client.js';
export type { ClientTls, ServerTls } from './tls.js';
export { messageBytesFor } from './limits.js';
