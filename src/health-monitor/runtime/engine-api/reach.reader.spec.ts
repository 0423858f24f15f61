import { describe, expect, it } from 'vitest';
import { Answer } from './answer.js';
import { readReach } from './reach.reader.js';

const read = (NetworkSettings: unknown, NetworkMode = 'bridge') =>
  readReach(Answer.parse(JSON.stringify({ NetworkSettings, HostConfig: { NetworkMode } }), 'inspected'))
    .reach;

describe('where a container can be reached', () => {
  it('is at its published TCP ports, those of all interfaces at the loopback address', () => {
    const at = (HostIp: string, HostPort: string) => [{ HostIp, HostPort }];
    const Ports = {
      '80/tcp': at('', '8080'),
      '81/tcp': at('0.0.0.0', '8081'),
      '82/tcp': at('::', '8082'),
      '83/tcp': at('192.168.1.5', '8083'),
      '53/udp': at('', '5353'),
      '84/tcp': null,
    };
    expect(read({ Ports })?.published).toEqual([
      { port: 80, host: '127.0.0.1', hostPort: 8080 },
      { port: 81, host: '127.0.0.1', hostPort: 8081 },
      { port: 82, host: '127.0.0.1', hostPort: 8082 },
      { port: 83, host: '192.168.1.5', hostPort: 8083 },
    ]);
  });

  it('is at its own addresses of all networks, each once', () => {
    const settings = {
      IPAddress: '10.88.0.2',
      GlobalIPv6Address: '',
      Networks: {
        podman: { IPAddress: '10.88.0.2', GlobalIPv6Address: 'fd00::2' },
        other: { IPAddress: '10.89.0.7', GlobalIPv6Address: '' },
      },
    };
    expect(read(settings)?.addresses).toEqual(['10.88.0.2', '10.89.0.7', 'fd00::2']);
  });

  it('is on the host where it has the network of that', () => {
    expect(read({}, 'host')).toEqual({ published: [], addresses: [], hostNetwork: true });
  });

  it.each([
    ['nothing is said', undefined],
    ['it has no network', { Ports: {}, IPAddress: '', Networks: { none: { IPAddress: '' } } }],
    [
      'what is said cannot be read',
      {
        Ports: { '80/tcp': [{ HostPort: '99999' }, 7], 'x/tcp': [{ HostPort: '1' }] },
        Networks: [],
        IPAddress: 7,
      },
    ],
  ])('is not known where %s', (_, settings) => {
    expect(read(settings)).toBeUndefined();
  });
});
