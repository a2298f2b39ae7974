/** Learning management systems: what is connected, and what they know of courses and people. */
export { createLms, type LmsDependencies, type LmsRoom } from './lms.js';
