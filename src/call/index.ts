/** What travels with every call: its context, its principal and the way it can fail. */
export * from './context.js';
export * from './reasons.js';
export * from './status.js';
export * from './authorise.js';
export * from './names.js';
export * from './secret.js';
export * from './validate.js';
export * from './paging.js';
export * from './person-name.js';
