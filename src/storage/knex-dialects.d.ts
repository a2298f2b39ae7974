/** knex publishes no types for its dialect classes. Only what our subclasses call or override is declared. */
declare module 'knex/lib/dialects/mysql2/index.js' {
  /** One statement on its way through knex: in with `sql` and `bindings`, out with `response`. */
  export interface Query {
    sql: string;
    bindings?: unknown[];
    response?: unknown;
    context?: { lastID: number; changes: number };
  }
  /** CommonJS: the class is the module, which is what a default import gives. */
  export default class DialectClient {
    config: { onQuery?: (seconds: number) => void };
    connectionSettings: Record<string, unknown>;
    constructor(config: object);
    _driver(): unknown;
    _query(connection: unknown, query: Query): Promise<Query>;
    _formatBindings(bindings: unknown[] | undefined): unknown[];
    acquireRawConnection(): Promise<unknown>;
    acquireConnection(): Promise<unknown>;
    query(connection: unknown, query: Query | string): Promise<unknown>;
  }
}

declare module 'knex/lib/dialects/better-sqlite3/index.js' {
  export { default, type Query } from 'knex/lib/dialects/mysql2/index.js';
}
