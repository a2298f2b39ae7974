import { z } from 'zod';
import { nameOf, type Family, type Operation } from './family.js';

/** What every operation may answer though no vendor's document says so. */
const ALWAYS = [413, 429, 503];

type Json = Record<string, unknown>;

const LAST_EVENT_ID: Json = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  schema: { type: 'string' },
  description: 'The id of the last event that the client has: what came after it is told first.',
};

/** The OpenAPI 3.1 document of a family, from its table. */
export function openApi(family: Family): Json {
  const requests = new Schemas('input');
  const answers = new Schemas('output');
  const paths: Record<string, Json> = {};
  for (const row of family.operations) {
    const path = `${family.prefix}${row.path}`.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[row.method.toLowerCase()] = operationObject(family, row, requests, answers);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: family.title,
      version: family.version,
      description: family.description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(family.operations.map((row) => row.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...requests.definitions(), ...answers.definitions() },
      securitySchemes: { token: family.security },
    },
  };
}

function operationObject(family: Family, row: Operation, requests: Schemas, answers: Schemas): Json {
  const statuses = [...new Set([...row.errors, ...ALWAYS])].sort((a, b) => a - b);
  const errors = statuses.map((status) => {
    const { description, schema, contentType } = family.documentedError(row, status);
    return [status, { description, content: { [contentType]: { schema: answers.reference(schema) } } }];
  });
  return {
    operationId: row.id,
    summary: row.summary,
    tags: [row.tag],
    security: row.auth === 'token' ? [{ token: [] }] : [],
    parameters: [
      ...parameters(row.params, 'path'),
      ...parameters(row.query, 'query'),
      ...(row.events ? [LAST_EVENT_ID] : []),
      ...cookies(row.cookies ?? {}),
    ],
    ...(row.body && {
      requestBody: {
        required: true,
        content: contentOf((row.decoder ?? family.decoder).mediaTypes, requests.reference(row.body)),
      },
    }),
    responses: {
      [row.status]: {
        description: row.success,
        ...(row.headers && { headers: headers(row.headers) }),
        ...(row.answer && { content: contentOf(['application/json'], answers.reference(row.answer)) }),
        ...(row.binary && { content: { [row.binary]: {} } }),
        ...(row.events && { content: { 'text/event-stream': { schema: eventsOf(row.events, answers) } } }),
      },
      ...(Object.fromEntries(errors) as Json),
    },
  };
}

/** The data of each event, by its name. */
function eventsOf(events: Readonly<Record<string, z.ZodType>>, answers: Schemas): Json {
  const listed = Object.entries(events).map(([event, schema]) => [event, answers.reference(schema)]);
  return { description: 'Server-sent events.', properties: Object.fromEntries(listed) as Json };
}

function cookies(listed: Readonly<Record<string, string>>): Json[] {
  return Object.entries(listed).map(([name, description]) => ({
    ...{ name, in: 'cookie', required: false, description, schema: { type: 'string' } },
  }));
}

function headers(listed: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(
    Object.entries(listed).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}

function contentOf(mediaTypes: readonly string[], schema: Json): Json {
  return Object.fromEntries(mediaTypes.map((type) => [type, { schema }]));
}

function parameters(schema: z.ZodObject | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

/** The named schemas of one direction: a request is what a client may send, an answer what it gets. */
class Schemas {
  private readonly used = new Map<string, z.ZodType>();

  constructor(private readonly io: 'input' | 'output') {}

  reference(schema: z.ZodType): Json {
    const name = nameOf(schema);
    if (!name) throw new Error('a schema of a table needs a name');
    const other = this.used.get(name);
    if (other && other !== schema) throw new Error(`two schemas are called ${name}`);
    this.used.set(name, schema);
    return { $ref: `#/components/schemas/${name}` };
  }

  definitions(): Json {
    return Object.fromEntries(
      [...this.used].map(([name, schema]) => {
        const definition = z.toJSONSchema(schema, { io: this.io });
        delete definition.$schema; // The document's dialect holds for all of it.
        return [name, definition];
      }),
    );
  }
}
