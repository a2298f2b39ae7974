import { formatName, StatusError, validate, type Context } from '../call/index.js';
import { countRefusal } from '../checks/index.js';
import { LaunchRole, type LaunchServiceService } from '../grpc/gen/probity/lms/v1/launch_service.js';
import type { Handlers } from '../grpc/index.js';
import type { Connection } from './connection.js';
import { connectionNotFound } from './connection-not-found.js';
import { anyConnection } from './connection-store.js';
import { provision } from './launch.js';
import { readLaunch, type Launch } from './launch-claims.js';
import type { LmsDependencies } from './lms.js';
import { launchRequest, openerRequest } from './requests.js';
import { readSigned, TokenRefused, type KeyOf, type SignedToken } from './signed-token.js';

/** LaunchService: how people come from an LMS. */
export function launchService(
  dependencies: LmsDependencies,
  keyOf: KeyOf,
): Handlers<typeof LaunchServiceService> {
  const { signOn, throttle, clock } = dependencies;

  /** @throws StatusError LAUNCH_INVALID, TOO_MANY_ATTEMPTS */
  async function read(token: string, ctx: Context): Promise<{ signed: SignedToken; launch: Launch }> {
    try {
      const signed = await readSigned('launch', token, { keyOf, now: clock.now() });
      return { signed, launch: readLaunch(signed.payload) };
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      ctx.log.info({ peer: ctx.peer, why: error.why }, 'launch refused');
      await countRefusal(throttle, 'launch', ctx.peer);
      throw new StatusError(
        'LAUNCH_INVALID',
        'This way in is not valid, or no longer. Open it again from the course.',
      );
    }
  }

  return {
    async getOpener(request) {
      const { connection: id } = validate(openerRequest, request);
      const connection = await anyConnection(dependencies.storage.db, id);
      if (!connection?.siteKey) throw connectionNotFound(id);
      return { origin: originOf(connection) };
    },

    async launch(request, ctx) {
      const { signed, launch } = await read(validate(launchRequest, request).token, ctx);
      const { connection } = signed;
      const { userId, exam } = await provision(dependencies, signed, launch);
      const { challenge, monitor, frameIntervalMs, graceMs } = launch.policy;
      return {
        ...(await signOn(connection.organisationId, userId, 'LMS')),
        exam: formatName('exams/{exam}', { exam: String(exam) }),
        role:
          launch.person.role === 'STUDENT' ? LaunchRole.LAUNCH_ROLE_STUDENT : LaunchRole.LAUNCH_ROLE_TEACHER,
        language: launch.language,
        opener: originOf(connection),
        policy: { challenge, monitor, interval: frameIntervalMs / 1000, grace: graceMs / 1000 },
      };
    },
  };
}

function originOf({ address }: Connection): string {
  return new URL(address).origin;
}
