import { formatName } from '../call/index.js';
import {
  LmsCapability as CapabilityMessage,
  LmsCapabilityState as StateMessage,
  LmsKind as KindMessage,
  type Course as CourseMessage,
  type LmsConnection as ConnectionMessage,
  type TestConnectionResponse,
} from '../grpc/gen/probity/lms/v1/lms_service.js';
import type { Capability, Course, LmsKind, SiteReport } from './capabilities.js';
import type { Connection } from './connection.js';

const KINDS: Record<LmsKind, KindMessage> = { MOODLE: KindMessage.LMS_KIND_MOODLE };
const CAPABILITIES: Record<Capability, CapabilityMessage> = {
  COURSES: CapabilityMessage.LMS_CAPABILITY_COURSES,
  PEOPLE: CapabilityMessage.LMS_CAPABILITY_PEOPLE,
  GROUPS: CapabilityMessage.LMS_CAPABILITY_GROUPS,
  EXAMS: CapabilityMessage.LMS_CAPABILITY_EXAMS,
  OVERRIDES: CapabilityMessage.LMS_CAPABILITY_OVERRIDES,
  CHANGES: CapabilityMessage.LMS_CAPABILITY_CHANGES,
  ADMISSION: CapabilityMessage.LMS_CAPABILITY_ADMISSION,
};

export function connectionName(id: string): string {
  return formatName('lmsConnections/{connection}', { connection: id });
}

export function presentConnection({
  id,
  kind,
  displayName,
  address,
  token,
  siteKey,
  createdAt,
}: Connection): ConnectionMessage {
  return {
    name: connectionName(id),
    kind: KINDS[kind],
    displayName,
    address,
    createTime: new Date(createdAt),
    hasToken: token !== null,
    siteKeyTime: siteKey ? new Date(siteKey.createdAt) : undefined,
  };
}

function presentState(usable: boolean | null): StateMessage {
  if (usable === null) return StateMessage.LMS_CAPABILITY_STATE_UNTRIED;
  return usable ? StateMessage.LMS_CAPABILITY_STATE_USABLE : StateMessage.LMS_CAPABILITY_STATE_UNUSABLE;
}

export function presentReport({ siteName, version, capabilities }: SiteReport): TestConnectionResponse {
  return {
    siteName,
    version,
    capabilities: capabilities.map(
      ({ capability, usable, missingFunctions, missingRights, explanation }) => ({
        capability: CAPABILITIES[capability],
        usable: usable ?? false,
        missing: missingFunctions,
        state: presentState(usable),
        missingRights,
        explanation,
      }),
    ),
  };
}

export function presentCourse({ id: connectionId }: Pick<Connection, 'id'>, course: Course): CourseMessage {
  const { id, name, students } = course;
  return { connection: connectionName(connectionId), courseId: id, displayName: name, students };
}
