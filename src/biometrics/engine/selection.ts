import { StatusError } from '../../call/index.js';
import type { Manifest, ModelEntry, ModelRole } from './manifest.js';

/**
 * One model for each role of the manifest: the first of the role, or the one chosen by id.
 *
 * @throws StatusError MODEL_UNAVAILABLE when a chosen id is not in the manifest under that role
 */
export function selectModels(
  manifest: Manifest,
  chosen: Partial<Record<ModelRole, string>> = {},
): ModelEntry[] {
  const roles = [...new Set(manifest.models.map((entry) => entry.role))];
  return roles.map((role) => {
    const candidates = manifest.models.filter((entry) => entry.role === role);
    const id = chosen[role] ?? candidates[0]?.id;
    const entry = candidates.find((each) => each.id === id);
    if (!entry) {
      const known = candidates.map((each) => each.id).join(', ');
      throw new StatusError('MODEL_UNAVAILABLE', `There is no ${role} model ${id}; there is ${known}.`, {
        metadata: { model: id ?? '' },
      });
    }
    return entry;
  });
}
