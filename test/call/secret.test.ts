import { hashed, newSecret } from '../../src/call/index.js';

it('secrets are 256 random bits, and their hash is not them', () => {
  const secrets = Array.from({ length: 100 }, newSecret);
  expect(new Set(secrets).size).toBe(100);
  for (const secret of secrets) {
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(hashed(secret)).toMatch(/^[0-9a-f]{64}$/);
  }
});
