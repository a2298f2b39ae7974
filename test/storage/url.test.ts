import { resolve } from 'node:path';
import { parseDatabaseUrl } from '../../src/storage/url.js';

describe('parseDatabaseUrl', () => {
  it('is a file in the data directory by default', () => {
    expect(parseDatabaseUrl(undefined, '/d')).toEqual({ dialect: 'sqlite', file: '/d/probity.db' });
    expect(parseDatabaseUrl('', './data')).toEqual({ dialect: 'sqlite', file: resolve('data/probity.db') });
  });

  it.each([
    ['sqlite:./x.db', resolve('x.db')],
    ['sqlite:/abs/x.db', '/abs/x.db'],
    ['sqlite:///abs/x.db', '/abs/x.db'],
  ])('reads %s', (url, file) => {
    expect(parseDatabaseUrl(url, '/d')).toEqual({ dialect: 'sqlite', file });
  });

  it.each(['mysql', 'mariadb'])('reads %s://', (scheme) => {
    expect(parseDatabaseUrl(`${scheme}://pro%40b:p%2Fw@db.example:3307/probity`, '/d')).toEqual({
      dialect: 'mysql',
      host: 'db.example',
      port: 3307,
      user: 'pro@b',
      password: 'p/w',
      database: 'probity',
    });
    expect(parseDatabaseUrl(`${scheme}://u@[::1]/p`, '/d')).toMatchObject({
      host: '::1',
      port: 3306,
      password: '',
    });
  });

  it.each([
    'sqlite:',
    'sqlite::memory:',
    'postgres://u:secret@h/d',
    'mysql://h/secret',
    'mysql://u:secret@h/',
    'mysql://u:secret@h/a/b',
    'mysql://u:secret@h/d?ssl=false',
    'mysql://u:secret@h:99999/d',
    'nonsense secret',
  ])('refuses %s without repeating it', (url) => {
    const refused = (): unknown => parseDatabaseUrl(url, '/d');
    expect(refused).toThrow(/database URL/);
    expect(refused).not.toThrow(/secret/);
  });
});
