import type { FaceFinding } from '../../grpc/gen/probity/biometrics/v1/finding.js';
import type { OpenAlert } from '../alerts/alert.js';
import type { Comparison } from '../identifying/verification.js';
import type { CaptureAnomaly } from './capture.js';
import type { IdentityConfidence, SampleModality } from './fusion.js';

/** What the server found in one frame, as it is kept and shown: no picture, no template. */
export interface Observation {
  /** Number of the frame in its session, from 1. */
  frame: number;
  /** UTC milliseconds. */
  receivedAt: number;
  /** Of the bytes as they came, lower-case hex. */
  sha256: string;
  comparison: Comparison;
  /** Null when the frame could not be read. */
  finding: FaceFinding | null;
  anomalies: CaptureAnomaly[];
  /** After the frame, in nats. */
  impostorEvidence: number;
  /** After the frame; absent where an earlier version stored it. */
  identity?: IdentityConfidence;
  /** Alerts that the frame opened, continued or ended, as they then were. */
  alerts: OpenAlert[];
}

/** What the server found in one sample of another modality, as it is kept and shown: the sample itself is not. */
export interface SampleObservation {
  /** Number of the sample in its session, from 1. */
  number: number;
  modality: SampleModality;
  /** UTC milliseconds. */
  receivedAt: number;
  /** Of the bytes as they came, lower-case hex. */
  sha256: string;
  comparison: Comparison;
  anomalies: CaptureAnomaly[];
  /** After the sample. */
  identity: IdentityConfidence;
  /** Alerts that the sample opened, continued or ended, as they then were. */
  alerts: OpenAlert[];
}
