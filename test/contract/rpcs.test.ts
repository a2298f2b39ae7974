import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startFakeLms } from '../../scripts/fake-lms/server.js';
import { remoteCore, services, type RemoteCore } from '../../src/grpc/index.js';
import { RefreshPolicy } from '../../src/grpc/gen/probity/identity/v1/authentication_service.js';
import { startApp, type RunningApp } from '../support/app.js';
import { describeWithModels } from '../support/faces.js';
import { scriptedProvider } from '../support/identity-provider.js';
import { failureOf, TRANSPORTS } from './harness.js';
import { CONNECTING, PARTING, SYNCING } from './rpcs/lms.js';
import { SIGNING_ON } from './rpcs/sign-on.js';
import { ERASING, SITTING } from './rpcs/sitting.js';
import { UCY, type Row, type World } from './rpcs/world.js';

const RPCS: Record<string, Row> = {
  ...{ ...CONNECTING, ...SITTING, ...SYNCING, ...ERASING, ...PARTING },
  ...SIGNING_ON,
};

describe('the rpcs of launches, sign-on, LMSs, capture and review', () => {
  test('are all in the table', () => {
    const meant = [
      'launches',
      'site',
      'lms',
      'lmsSyncs',
      'capture',
      'reviews',
      'sso',
      'identityProviders',
    ] as const;
    const rpcs = meant.flatMap((service) => Object.keys(services[service]).map((rpc) => `${service}.${rpc}`));
    expect(Object.keys(RPCS).sort()).toEqual(rpcs.sort());
  });
});

describeWithModels('each rpc works and refuses', () => {
  let running: RunningApp;
  let remote: RemoteCore;
  beforeAll(async () => {
    // Without the scheduled jobs, which would take a run that a caller is to work at.
    const outbound = { PROBITY_OUTBOUND: 'yes', PROBITY_OUTBOUND_ALLOW: '127.0.0.1' };
    running = await startApp({ PROBITY_ROLES: 'grpc,http', ...outbound });
    const address = `127.0.0.1:${running.grpcPort}`;
    remote = await remoteCore({ address, tls: null, defaultTimeoutMs: 30_000 });
  });
  afterAll(async () => {
    remote.close();
    await running.stop();
  });

  describe.each(TRANSPORTS)('%s', (transport) => {
    let metadata: Server;
    const world = {} as World;
    beforeAll(async () => {
      world.core = transport === 'channel' ? remote.core : running.app.core;
      const { email, password } = running.admin;
      const refreshPolicy = RefreshPolicy.REFRESH_POLICY_ROTATING;
      const login = { organisation: UCY, email, password, refreshPolicy };
      world.admin = { token: (await world.core.authentication.logIn(login)).accessToken };
      [world.fake, world.idp] = [
        await startFakeLms(),
        await scriptedProvider(`https://${transport}.test/saml`),
      ];
      metadata = createServer((_request, response) => response.end(world.idp.metadata()));
      await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve));
      world.metadataUrl = `http://127.0.0.1:${(metadata.address() as AddressInfo).port}/metadata`;
    });
    afterAll(async () => {
      await world.fake.close();
      metadata.closeAllConnections();
      await new Promise((resolve) => metadata.close(resolve));
    });

    test.each(Object.entries(RPCS))('%s', async (_rpc, { works, says, fails, reason }) => {
      expect(await works(world)).toMatchObject(says(world) as object);
      expect(await failureOf(fails(world))).toMatchObject({ reason });
    });
  });
});
