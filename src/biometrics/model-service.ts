import { principalOf } from '../call/index.js';
import type { ModelServiceService } from '../grpc/gen/probity/biometrics/v1/model_service.js';
import type { Handlers } from '../grpc/index.js';
import type { DecisionRule, Engine, ModelEntry } from './engine/index.js';

/** ModelService: the models in use and how they are. */
export function modelService({
  engine,
  models,
}: {
  engine: Engine;
  models: readonly ModelEntry[];
}): Handlers<typeof ModelServiceService> {
  return {
    listModels(_request, ctx) {
      principalOf(ctx);
      const status = engine.status();
      const warm = new Set(status.models.filter((model) => model.warm).map(({ id }) => id));
      return Promise.resolve({
        models: models.map((entry) => ({
          id: entry.id,
          role: entry.role,
          sha256: entry.sha256,
          licence: entry.licence.declared,
          warm: warm.has(entry.id),
          thresholds: thresholdsOf(entry),
        })),
        workers: status.workers.ready,
        queuedJobs: status.queue.length,
      });
    },
  };
}

/** The thresholds in force; those of a recogniser by how many templates the reference has. */
function thresholdsOf(entry: ModelEntry): Record<string, number> {
  switch (entry.role) {
    case 'face.recognise':
      return rulesOf(entry.decision.rules);
    case 'face.liveness':
    case 'face.eyes':
    case 'voice.vad':
      return { threshold: entry.decision.threshold };
    case 'voice.embed':
      return { ...rulesOf(entry.decision.rules), speakers: entry.speakers.threshold };
    case 'face.detect':
    case 'face.detect.small':
      return { min_score: entry.decision.minScore };
    case 'face.landmarks':
    case 'face.pose':
      return {};
  }
}

function rulesOf(rules: readonly DecisionRule[]): Record<string, number> {
  return Object.fromEntries(
    rules.flatMap(({ templates, match, review }) => [
      [`match_${templates}`, match],
      [`review_${templates}`, review],
    ]),
  );
}
