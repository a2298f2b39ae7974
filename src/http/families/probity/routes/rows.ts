/** Error statuses of what reads, and of what writes. */
export const READ = [400, 401, 403, 404, 405, 500];
export const WRITE = [...READ, 409, 415];

/** Where the core names the whole resource, the caller named its last part in the path. */
export const IN_PATH = { name: 'user', user: 'user' };
