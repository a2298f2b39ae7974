import { allowanceOf, isAllowable, isPublic } from '../../src/outbound/allowance.js';

describe('addresses of the public internet', () => {
  it.each(['8.8.8.8', '193.136.200.1', '2001:4860:4860::8888', '::ffff:8.8.8.8'])('%s is one', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback', '127.9.9.9'],
    ['loopback', '::1'],
    ['private', '10.0.0.1'],
    ['private', '172.16.3.4'],
    ['private', '192.168.1.1'],
    ['private', 'fd00::1'],
    ['link-local, where clouds keep their metadata', '169.254.169.254'],
    ['link-local', 'fe80::1'],
    ['shared (carrier-grade NAT)', '100.64.0.1'],
    ['unspecified', '0.0.0.0'],
    ['unspecified', '::'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['documentation', '203.0.113.1'],
    ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
    ['IPv4-mapped private', '::ffff:10.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001::1'],
  ])('%s is none: %s', (_, address) => {
    expect(isPublic(address)).toBe(false);
  });
});

describe('what may be allowed beside', () => {
  it.each(['10.0.0.7', '10.0.0.0/8', 'fd00::/8', '::1', 'localhost', 'moodle.campus.example', '4u.example'])(
    '%s means something',
    (entry) => {
      expect(isAllowable(entry)).toBe(true);
    },
  );

  it.each([
    '',
    '10.0.0.0/33',
    '10.0.0',
    '300.1.1.1',
    'https://moodle.example',
    'moodle.example:8080',
    '*.example',
    '-a',
  ])('"%s" means nothing', (entry) => {
    expect(isAllowable(entry)).toBe(false);
  });

  it('an address allows itself, a range its addresses, a name whatever it resolves to', () => {
    const allowance = allowanceOf(['10.1.2.3', '192.168.0.0/24', 'fd00::/8', 'Moodle.Campus.example']);
    expect(allowance.names('a.example', '10.1.2.3')).toBe(true);
    expect(allowance.names('a.example', '::ffff:10.1.2.3')).toBe(true);
    expect(allowance.names('a.example', '10.1.2.4')).toBe(false);
    expect(allowance.names('a.example', '192.168.0.200')).toBe(true);
    expect(allowance.names('a.example', '192.168.1.1')).toBe(false);
    expect(allowance.names('a.example', 'fd12::9')).toBe(true);
    expect(allowance.names('moodle.campus.EXAMPLE', '172.16.0.1')).toBe(true);
    expect(allowance.names('not.moodle.campus.example', '172.16.0.1')).toBe(false);
  });
});
