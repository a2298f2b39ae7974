/** knex publishes no types for its dialect classes. Only what our subclasses call or override is declared. */
declare module 'knex/lib/dialects/better-sqlite3/index.js' {
  import DialectClient = require('knex/lib/dialects/mysql2/index.js');
  export = DialectClient;
}

declare module 'knex/lib/dialects/mysql2/index.js' {
  namespace DialectClient {
    /** One statement on its way through knex: in with `sql` and `bindings`, out with `response`. */
    interface Query {
      sql: string;
      bindings?: unknown[];
      response?: unknown;
      context?: { lastID: number; changes: number };
    }
  }
  class DialectClient {
    config: Record<string, unknown>;
    connectionSettings: Record<string, unknown>;
    transacting?: boolean;
    constructor(config: object);
    _driver(): unknown;
    _query(connection: unknown, query: DialectClient.Query): Promise<DialectClient.Query>;
    _formatBindings(bindings: unknown[] | undefined): unknown[];
    acquireRawConnection(): Promise<unknown>;
    acquireConnection(): Promise<unknown>;
    query(connection: unknown, query: DialectClient.Query | string): Promise<unknown>;
  }
  export = DialectClient;
}
