/** Interaction: how somebody types and moves the mouse (docs/adr/0012, docs/interaction-format.md). */
export { createInteractionAnalyser, type InteractionAnalyser } from './analyser.js';
export { createBackground, type Background } from './background.js';
export { interactionJudge } from './judge.js';
export { interactionService } from './service.js';
