import { formatName } from '../call/index.js';
import {
  LmsCapability as CapabilityMessage,
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

export function presentReport({ siteName, version, missing }: SiteReport): TestConnectionResponse {
  return {
    siteName,
    version,
    capabilities: (Object.keys(missing) as Capability[]).map((capability) => ({
      capability: CAPABILITIES[capability],
      usable: missing[capability].length === 0,
      missing: missing[capability],
    })),
  };
}

export function presentCourse({ id: connectionId }: Pick<Connection, 'id'>, course: Course): CourseMessage {
  const { id, name, students } = course;
  return { connection: connectionName(connectionId), courseId: id, displayName: name, students };
}
