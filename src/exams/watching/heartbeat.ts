import type { Db } from '../../storage/index.js';
import { countClientClaims, insertClientClaim, latestClientClaim } from './event-store.js';
import { touch } from './session-store.js';
import type { Session } from './session.js';

/** How often a client is asked for a sign of life. */
export const HEARTBEAT_MS = 1_000;
/** A heartbeat is stored at most this often; well below what counts as silence. */
export const STORE_HEARTBEAT_MS = 2_000;
/** Client events, other than heartbeats, that are stored of one session, or of one of its streams. */
export const MOST_CLIENT_EVENTS = 1_000;

/** A sign of life from a client that does not stream, with what it claims of itself. */
export interface Heartbeat {
  visible: boolean;
  cameraLost: boolean;
  /** By the client's clock, UTC milliseconds. */
  clientTime: number | null;
}

/**
 * Stores a sign of life, and each change of what the client claims. A camera that the client has lost stays lost until a
 * frame comes: its word alone takes nothing away.
 */
export async function recordHeartbeat(
  db: Db,
  session: Pick<Session, 'id' | 'lastHeartbeatAt' | 'cameraLostAt'>,
  { visible, cameraLost, clientTime }: Heartbeat,
  now: number,
): Promise<void> {
  const due = session.lastHeartbeatAt === null || now - session.lastHeartbeatAt >= STORE_HEARTBEAT_MS;
  const lost = cameraLost && session.cameraLostAt === null;
  if (due || lost) {
    await touch(db, session.id, { lastHeartbeatAt: now, ...(lost ? { cameraLostAt: now } : {}) });
  }
  await claim(visible ? 'WINDOW_VISIBLE' : 'WINDOW_HIDDEN', ['WINDOW_VISIBLE', 'WINDOW_HIDDEN']);
  await claim(cameraLost ? 'CAMERA_LOST' : 'CAMERA_RESTORED', ['CAMERA_RESTORED', 'CAMERA_LOST']);

  /** Of the two things that it may be, the first is what it is taken to be as long as nothing was claimed. */
  async function claim(type: string, [usual, unusual]: readonly [string, string]): Promise<void> {
    const before = (await latestClientClaim(db, session.id, [usual, unusual])) ?? usual;
    if (type === before || (await countClientClaims(db, session.id)) >= MOST_CLIENT_EVENTS) return;
    await insertClientClaim(db, { sessionId: session.id, type, clientTime, at: now });
  }
}
