import ipaddr from 'ipaddr.js';
import type { ResolvedOptions } from './options.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/**
 * Where clouds keep credentials for whoever asks from within: never reached, whatever is allowed. AWS (also ECS and
 * EKS), Azure, Google Cloud, Oracle, Alibaba and those that do as AWS does.
 */
const METADATA_RANGES: readonly Range[] = [
  '169.254.169.0/24',
  '169.254.170.0/24',
  '168.63.129.16/32',
  '100.100.100.200/32',
  '192.0.0.192/32',
  'fd00:ec2::/32',
  'fd20:ce::/32',
].map((range) => ipaddr.parseCIDR(range));

const PRIVATE_RANGES: ReadonlySet<string> = new Set(['private', 'uniqueLocal', 'carrierGradeNat']);
/** All of public IPv6, RFC 4291: what else ipaddr.js does not name is not public either. */
const GLOBAL_IPV6: Range = ipaddr.parseCIDR('2000::/3');

/**
 * Which addresses webhooks may reach.
 * - `lan`: public and private networks (also 100.64.0.0/10 and fc00::/7).
 * - `public`: public networks.
 * - `strict`: what `allowCidrs` names.
 *
 * `denyCidrs` wins over `allowCidrs`, which wins over the mode, and may admit loopback and link-local addresses, but
 * never those of metadata services.
 */
export class EgressRules {
  private readonly mode: ResolvedOptions['webhooks']['egress'];
  private readonly allowed: readonly Range[];
  private readonly denied: readonly Range[];

  constructor({
    egress,
    allowCidrs,
    denyCidrs,
  }: Pick<ResolvedOptions['webhooks'], 'egress' | 'allowCidrs' | 'denyCidrs'>) {
    this.mode = egress;
    this.allowed = allowCidrs.map(asRange);
    this.denied = denyCidrs.map(asRange);
  }

  /** Why nothing may be sent to that URL, whatever its name resolves to; `null` when only that will show. */
  refusalOfUrl(text: string): string | null {
    if (!URL.canParse(text)) return 'It is not a URL.';
    const { protocol, username, password, hostname } = new URL(text);
    if (protocol !== 'http:' && protocol !== 'https:') return 'Only http and https URLs are allowed.';
    if (username !== '' || password !== '') return 'A user name or password in the URL is not allowed.';
    const objection = this.objectionToUrl(text);
    return objection === null ? null : `${withoutBrackets(hostname)} ${objection}.`;
  }

  /** As {@link refusalOfUrl} for a well-formed URL, what follows "It": for where no address may be shown. */
  objectionToUrl(url: string): string | null {
    const objections = addressesNamedBy(new URL(url).hostname).map((address) => this.objectionTo(address));
    return objections.every((objection) => objection !== null) ? (objections[0] ?? null) : null;
  }

  /** Why that address may not be reached; `null` when it may. */
  refusalOf(text: string): string | null {
    const objection = this.objectionTo(text);
    return objection === null ? null : `${text} ${objection}.`;
  }

  private objectionTo(text: string): string | null {
    if (!ipaddr.isValid(text)) return 'is not an IP address';
    const address = ipaddr.parse(text);
    const faces = facesOf(address);
    if (faces.some((face) => isIn(face, METADATA_RANGES))) {
      return 'belongs to a metadata service, which webhooks may never reach';
    }
    if (faces.some((face) => isIn(face, this.denied))) return 'is in denyCidrs';
    const reached = faces.at(-1) ?? address;
    return isIn(reached, this.allowed) ? null : this.objectionByMode(reached);
  }

  private objectionByMode(reached: Address): string | null {
    if (this.mode === 'strict') return 'is not in allowCidrs (egress: strict)';
    const kind = kindOf(reached);
    if (kind === 'public' || (kind === 'private' && this.mode === 'lan')) return null;
    return `is a ${kind} address, which webhooks may not reach (egress: ${this.mode}) unless webhooks.allowCidrs has it`;
  }
}

/** The addresses that a host of a URL stands for, whoever resolves it: RFC 6761, section 6.3, for `localhost`. */
function addressesNamedBy(hostname: string): string[] {
  const literal = withoutBrackets(hostname);
  if (/^(.+\.)?localhost\.?$/i.test(literal)) return ['127.0.0.1', '::1'];
  return ipaddr.isValid(literal) ? [literal] : [];
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** An address, then the IPv4 address it carries in it, which is the one that is reached. */
function facesOf(address: Address): Address[] {
  if (address.kind() === 'ipv4') return [address];
  const carried = carriedIPv4(address as ipaddr.IPv6);
  return carried === null ? [address] : [address, carried];
}

/** At which byte ranges of IPv6 carry an IPv4 address: RFC 4291, RFC 7915, RFC 6052 (NAT64), RFC 3056 (6to4). */
const CARRIED_AT: Readonly<Record<string, number>> = { ipv4Mapped: 12, rfc6145: 12, rfc6052: 12, '6to4': 2 };

function carriedIPv4(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  const bytes = address.toByteArray();
  // The deprecated "IPv4-compatible" ::a.b.c.d, but for :: and ::1.
  const compatible =
    bytes.slice(0, 12).every((byte) => byte === 0) && bytes.slice(12, 15).some((byte) => byte !== 0);
  const start = compatible ? 12 : CARRIED_AT[address.range()];
  return start === undefined ? null : new ipaddr.IPv4(bytes.slice(start, start + 4));
}

function kindOf(address: Address): string {
  const range: string = address.range();
  if (PRIVATE_RANGES.has(range)) return 'private';
  if (range !== 'unicast') return range;
  return address.kind() === 'ipv4' || isIn(address, [GLOBAL_IPV6]) ? 'public' : 'reserved';
}

function isIn(address: Address, ranges: readonly Range[]): boolean {
  return ranges.some((range) => range[0].kind() === address.kind() && address.match(range));
}

function asRange(text: string): Range {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
