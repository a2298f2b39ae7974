/** Which room may enter which other room (docs/adr/0001). Everything not listed is refused. */
const ROOMS = {
  call: [],
  storage: ['call'],
  events: ['call', 'storage', 'jobs'],
  jobs: ['call', 'storage'],
  checks: ['call', 'storage'],
  identity: ['call', 'storage', 'events', 'jobs', 'checks', 'outbound', 'grpc'],
  biometrics: ['call', 'storage', 'events', 'grpc'],
  compliance: ['call', 'storage', 'events', 'jobs', 'grpc'],
  exams: ['call', 'storage', 'events', 'jobs', 'checks', 'biometrics', 'grpc'],
  wallet: ['call', 'storage', 'events', 'jobs', 'checks', 'biometrics', 'grpc'],
  telemetry: [],
  outbound: [],
  lms: ['call', 'storage', 'events', 'jobs', 'checks', 'outbound', 'grpc'],
  grpc: ['call'],
  http: ['call', 'grpc'],
};

/** Packages that only some files may know. */
const SQL = '^node_modules/(knex|mysql2|libsql)/';
const TRANSPORT = '^node_modules/(koa|@koa/router|@grpc/grpc-js)/';

const rooms = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `room-${room}`,
  severity: 'error',
  comment: `src/${room} enters only: ${allowed.join(', ') || 'no other room'}`,
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: [`^src/(${[room, ...allowed].join('|')})/`, '^src/grpc/gen/'] },
}));

const doors = Object.keys(ROOMS).map((room) => ({
  name: `door-${room}`,
  severity: 'error',
  comment: `src/${room} is entered by its door, index.ts`,
  from: { path: '^src/', pathNot: `^src/${room}/` },
  to: { path: `^src/${room}/`, pathNot: [`^src/${room}/index\\.ts$`, '^src/grpc/gen/'] },
}));

module.exports = {
  forbidden: [
    ...rooms,
    ...doors,
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'sql-only-in-stores',
      severity: 'error',
      comment: 'Only storage/ and store files know SQL.',
      from: { path: '^src/', pathNot: ['^src/storage/', 'store[^/]*\\.ts$'] },
      to: { path: SQL, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'transport-only-at-the-edges',
      severity: 'error',
      comment: 'Rules and handlers know neither Koa nor gRPC.',
      from: { path: '^src/', pathNot: ['^src/(grpc|http)/', '^src/app\\.ts$'] },
      to: { path: TRANSPORT },
    },
    {
      name: 'stores-know-no-services',
      severity: 'error',
      comment: 'service → rules → store, never back.',
      from: { path: '^src/.*store[^/]*\\.ts$' },
      to: { path: '^src/.*service[^/]*\\.ts$', pathNot: '^src/grpc/gen/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
