import { faceAnalyse } from '../face/job.js';
import { handwritingCompare, handwritingRead } from '../handwriting/job.js';
import { interactionJudge, interactionRead, interactionScore } from '../interaction/job.js';
import { voiceAnalyse } from '../voice/job.js';
import { runWorker } from './worker-loop.js';

/** The worker's composition root: every modality adds its handlers here. */
void runWorker([
  faceAnalyse,
  handwritingRead,
  handwritingCompare,
  interactionRead,
  interactionScore,
  interactionJudge,
  voiceAnalyse,
]);
