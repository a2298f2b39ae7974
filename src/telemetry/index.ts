/** What operators see: structured logs and Prometheus metrics. Never images, templates, tokens or passwords. */
export { createLog } from './log.js';
export { createMetrics, type Metrics } from './metrics.js';
