import { formatName } from '../../call/index.js';
import {
  OperatingSystem as SystemMessage,
  type ProcessPolicy as PolicyMessage,
  ProcessPolicySource as SourceMessage,
} from '../../grpc/gen/probity/exams/v1/process_policy_service.js';
import type { PolicySource } from '../processes/policy-in-force.js';
import { PROCESS_POLICY_VERSION } from '../processes/process-defaults.js';
import type { OperatingSystem, ProcessPolicy } from '../processes/process-policy.js';
import type { PolicyName } from '../requests.js';

const SYSTEMS: Record<OperatingSystem, SystemMessage> = {
  WINDOWS: SystemMessage.OPERATING_SYSTEM_WINDOWS,
  MACOS: SystemMessage.OPERATING_SYSTEM_MACOS,
  LINUX: SystemMessage.OPERATING_SYSTEM_LINUX,
};

const SOURCES: Record<PolicySource, SourceMessage> = {
  SHIPPED: SourceMessage.PROCESS_POLICY_SOURCE_SHIPPED,
  ORGANISATION: SourceMessage.PROCESS_POLICY_SOURCE_ORGANISATION,
  EXAM: SourceMessage.PROCESS_POLICY_SOURCE_EXAM,
};

export function presentProcessPolicy(
  name: PolicyName,
  { policy, source }: { policy: ProcessPolicy; source: PolicySource },
): PolicyMessage {
  return {
    name:
      name.exam === null
        ? formatName('organisations/{organisation}/processPolicy', { organisation: name.organisation })
        : formatName('exams/{exam}/processPolicy', { exam: name.exam }),
    rules: policy.map(({ pattern, operatingSystem }) => ({
      pattern,
      operatingSystem: operatingSystem
        ? SYSTEMS[operatingSystem]
        : SystemMessage.OPERATING_SYSTEM_UNSPECIFIED,
    })),
    source: SOURCES[source],
    version: source === 'SHIPPED' ? PROCESS_POLICY_VERSION : '',
  };
}
