import { describe, expect, it } from 'vitest';
import { EgressRules } from './egress-rules.js';

function rules(options: Partial<ConstructorParameters<typeof EgressRules>[0]> = {}): EgressRules {
  return new EgressRules({ egress: 'lan', allowCidrs: [], denyCidrs: [], ...options });
}

const PUBLIC = ['93.184.216.34', '1.1.1.1', '2606:4700:4700::1111', '64:ff9b::1.1.1.1'];
const PRIVATE = [
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.20',
  '100.64.0.7',
  'fd12:3456::1',
  '::ffff:192.168.1.20',
];
const METADATA = [
  '169.254.169.254',
  '169.254.170.2',
  '168.63.129.16',
  '100.100.100.200',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd20:ce::254',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '64:ff9b::169.254.169.254',
  '64:ff9b:1::169.254.169.254',
  '2002:a9fe:a9fe::1',
  '::169.254.169.254',
  '::ffff:0:169.254.169.254',
];
const NEVER_BY_DEFAULT = [
  '127.0.0.1',
  '127.255.255.254',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::127.0.0.1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::127.0.0.1',
  '2002:7f00:1::',
  '0.0.0.0',
  '0.1.2.3',
  '::',
  '169.254.1.1',
  'fe80::1',
  'fe80::1%eth0',
  '224.0.0.1',
  '239.255.255.250',
  'ff02::1',
  '255.255.255.255',
  '240.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '2001:db8::1',
  '2001::1',
  'fec0::1',
  '4000::1',
  'not an address',
  '',
];

describe('EgressRules', () => {
  it.each(PUBLIC)('reach %s in lan and public, not in strict', (address) => {
    expect(rules().refusalOf(address)).toBeNull();
    expect(rules({ egress: 'public' }).refusalOf(address)).toBeNull();
    expect(rules({ egress: 'strict' }).refusalOf(address)).toContain('not in allowCidrs');
  });

  it.each(PRIVATE)('reach %s in lan alone', (address) => {
    expect(rules().refusalOf(address)).toBeNull();
    expect(rules({ egress: 'public' }).refusalOf(address)).toContain('private');
    expect(rules({ egress: 'strict' }).refusalOf(address)).not.toBeNull();
  });

  it.each(NEVER_BY_DEFAULT)('never reach %s by default', (address) => {
    for (const egress of ['lan', 'public', 'strict'] as const) {
      expect(rules({ egress }).refusalOf(address)).not.toBeNull();
    }
  });

  it.each(METADATA)('never reach %s, whatever is allowed', (address) => {
    const everything = rules({
      allowCidrs: ['0.0.0.0/0', '::/0', '169.254.169.254/32', 'fd00:ec2::254/128'],
    });
    expect(everything.refusalOf(address)).toContain('metadata');
  });

  it('reach what allowCidrs names: loopback, and all of strict', () => {
    const loopback = rules({ allowCidrs: ['127.0.0.0/8', '::1'] });
    expect(['127.0.0.1', '::1', '::ffff:127.0.0.1'].map((address) => loopback.refusalOf(address))).toEqual([
      null,
      null,
      null,
    ]);
    const strict = rules({ egress: 'strict', allowCidrs: ['192.168.1.20/32'] });
    expect(strict.refusalOf('192.168.1.20')).toBeNull();
    expect(strict.refusalOf('192.168.1.21')).not.toBeNull();
  });

  it('do not take an IPv6 range for the IPv4 addresses that it can carry', () => {
    const allIPv6 = rules({ allowCidrs: ['::/0'] });
    expect(allIPv6.refusalOf('::ffff:127.0.0.1')).toContain('loopback');
    expect(allIPv6.refusalOf('64:ff9b::127.0.0.1')).toContain('loopback');
  });

  it('let denyCidrs win', () => {
    const denied = rules({ allowCidrs: ['10.0.0.0/8'], denyCidrs: ['10.1.0.0/16', '1.1.1.1'] });
    expect(denied.refusalOf('10.0.0.1')).toBeNull();
    expect(
      ['10.1.0.1', '1.1.1.1', '::ffff:10.1.2.3'].every((address) => denied.refusalOf(address) !== null),
    ).toBe(true);
  });

  it.each([
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://①②⑦.⓪.⓪.①/',
    'http://127.0.0.1./',
    'http://[::ffff:127.0.0.1]/',
    'http://[0:0:0:0:0:ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://0/',
    'https://[::]:8443/',
  ])('see through the spelling %s', (url) => {
    expect(rules().refusalOfUrl(url)).not.toBeNull();
  });

  it.each([
    ['ftp://example.com/', 'http'],
    ['file:///etc/passwd', 'http'],
    ['javascript:alert(1)', 'http'],
    ['https://user@example.com/', 'user name'],
    ['https://:secret@example.com/', 'password'],
    ['example.com', 'not a URL'],
    ['', 'not a URL'],
  ])('refuse the URL %s', (url, why) => {
    expect(rules().refusalOfUrl(url)).toContain(why);
  });

  it.each(['http://localhost:3000/', 'http://LOCALHOST/', 'http://localhost./', 'http://hooks.localhost/'])(
    'know %s for this machine, of which one address is enough',
    (url) => {
      expect(rules().refusalOfUrl(url)).toContain(' is a loopback address');
      expect(rules({ allowCidrs: ['127.0.0.0/8'] }).refusalOfUrl(url)).toBeNull();
      expect(rules({ allowCidrs: ['::1/128'] }).refusalOfUrl(url)).toBeNull();
    },
  );

  it('object to a URL without naming its address', () => {
    const objection = rules().objectionToUrl('http://127.0.0.1/');
    expect(objection).toBe(
      'is a loopback address, which webhooks may not reach (egress: lan) unless webhooks.allowCidrs has it',
    );
  });

  it('leave a name to what it resolves to', () => {
    expect(rules().refusalOfUrl('https://hooks.slack.com/services/T/B/x')).toBeNull();
    expect(rules().refusalOfUrl('http://nas.local:8080/hook?x=1')).toBeNull();
  });
});
