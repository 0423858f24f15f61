import { type Container, type Reach } from '../container.js';
import { type Answer } from './answer.js';

const LOOPBACK = '127.0.0.1';
/** Podman 4 writes nothing, Podman 5 the address. */
const ALL_INTERFACES: ReadonlySet<string> = new Set(['', '0.0.0.0', '::']);

/**
 * Where a container can be reached, as `inspect` gives it; of one in the network of another, or of a pod, Podman gives
 * what that has. What cannot be read is left out, since nobody's health depends on it but that of who is asked.
 */
export function readReach(inspected: Answer): Pick<Container, 'reach'> {
  const network = inspected.at('NetworkSettings');
  const published = network.at('Ports').entries().flatMap(readPublished);
  // Docker shows there only what is bound now; here, what was asked for.
  const bindings = inspected.at('HostConfig').at('PortBindings').entries();
  const reach: Reach = {
    published: published.length > 0 ? published : bindings.flatMap(readPublished),
    addresses: readAddresses(network),
    hostNetwork: inspected.at('HostConfig').at('NetworkMode').text === 'host',
  };
  const isKnown = reach.hostNetwork || reach.published.length > 0 || reach.addresses.length > 0;
  return isKnown ? { reach } : {};
}

/** As seen from another machine: those addresses are none there, or of something else. */
export function withoutReach<T extends Pick<Container, 'reach'>>(container: T): Omit<T, 'reach'> {
  const { reach: _, ...rest } = container;
  return rest;
}

/** `"80/tcp": [{ "HostIp": "", "HostPort": "8080" }]`; nothing where a port is only exposed. */
function readPublished([key, bindings]: readonly [string, Answer]): Reach['published'] {
  const [port, protocol] = key.split('/');
  if (protocol !== 'tcp') return [];
  return bindings.list.flatMap((binding) => {
    const ports = { port: Number(port), hostPort: Number(binding.at('HostPort').text ?? '') };
    if (!isPort(ports.port) || !isPort(ports.hostPort)) return [];
    const host = binding.at('HostIp').text ?? '';
    return [{ ...ports, host: ALL_INTERFACES.has(host) ? LOOPBACK : host }];
  });
}

/** Those of its first network stand beside its networks once more. */
function readAddresses(network: Answer): readonly string[] {
  const networks = [
    network,
    ...network
      .at('Networks')
      .entries()
      .map(([, one]) => one),
  ];
  const addresses = ['IPAddress', 'GlobalIPv6Address'].flatMap((family) =>
    networks.map((one) => one.at(family).text ?? ''),
  );
  return [...new Set(addresses)].filter((address) => address !== '');
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536;
}
