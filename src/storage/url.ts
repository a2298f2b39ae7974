import { resolve } from 'node:path';

export interface SqliteTarget {
  dialect: 'sqlite';
  file: string;
}
export interface MysqlTarget {
  dialect: 'mysql';
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}
export type DatabaseTarget = SqliteTarget | MysqlTarget;

const MYSQL_PORT = 3306;

/**
 * Reads `PROBITY_DATABASE_URL`: `sqlite:./path`, `sqlite:/abs`, `mysql://user:pw@host:port/db` or
 * `mariadb://…`. Undefined means the file `probity.db` in `dataDir`; relative paths start at the working
 * directory. The error's message never repeats the URL, which holds a password.
 */
export function parseDatabaseUrl(url: string | undefined, dataDir: string): DatabaseTarget {
  if (url === undefined || url === '') return { dialect: 'sqlite', file: resolve(dataDir, 'probity.db') };
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
    if (path === '' || path === ':memory:') throw new Error('The database URL names no SQLite file.');
    return { dialect: 'sqlite', file: resolve(path) };
  }
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !/^(mysql|mariadb):$/.test(parsed.protocol)) {
    throw new Error('The database URL must start with sqlite:, mysql:// or mariadb://.');
  }
  const database = decodeURIComponent(parsed.pathname.slice(1));
  if (!parsed.hostname || !parsed.username || !/^[\w$-]{1,64}$/.test(database)) {
    throw new Error(
      'The database URL needs a user, a host and a database: mysql://user:password@host:3306/probity.',
    );
  }
  if (parsed.search) throw new Error('The database URL takes no ?parameters.');
  return {
    dialect: 'mysql',
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port ? Number(parsed.port) : MYSQL_PORT,
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database,
  };
}
