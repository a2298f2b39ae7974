import type { ImageFamily } from './image-template.js';

/**
 * Mean distance of two pictures of one writer's signature, by family. PROVISIONAL: of the made-up writers of
 * `trace-population.ts`, drawn as a pen would.
 */
export const EXPECTED_FAMILY_DISTANCE: Record<ImageFamily, number> = {
  hinge: 0.13,
  orientation: 0.22,
  runs: 0.055,
  density: 0.25,
};
