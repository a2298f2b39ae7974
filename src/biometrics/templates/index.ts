/** Templates outside the engine: one sealed, versioned, authenticated form (docs/adr/0007). */
export type { Template } from './codec.js';
export { decodeParcel, encodeParcel, type TemplateParcel } from './parcel.js';
export { createTemplateVault, type TemplateVault } from './vault.js';
