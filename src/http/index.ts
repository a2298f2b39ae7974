/** The REST façade: families of documented operations over the core. */
export { createHttpApp, type HttpAppOptions } from './app.js';
export { startHttpServer, type HttpServer } from './server.js';
export type { Health, HttpMetrics } from './probes.js';
export type { Streaming } from './events.js';
export type { Family, Operation } from './family.js';
export { trustidFamily, type TrustidOptions } from './families/trustid/index.js';
export { proctorexamFamily } from './families/proctorexam/index.js';
export { probityFamily } from './families/probity/index.js';
