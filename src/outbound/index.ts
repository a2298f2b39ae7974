/** The one guarded way out: off unless configured, public addresses only, no redirects, bounded in size and time. */
export { isAllowable } from './allowance.js';
export { type Resolve } from './connector.js';
export { OutboundError, type OutboundFailure } from './error.js';
export {
  createOutbound,
  type Outbound,
  type OutboundAnswer,
  type OutboundOptions,
  type OutboundRequest,
} from './outbound.js';
