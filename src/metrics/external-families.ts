import type { ExternalView } from '../common/events/index.js';
import { gauge, type Family } from './family.js';

/** What there is to say of what is no container: one series each, in both; those that are not known yet have none of `up`. */
export function externalFamilies(externals: readonly ExternalView[]): Family[] {
  const known = externals.filter(({ status }) => status !== 'unknown');
  return [
    gauge(
      {
        name: 'health_monitor_external_info',
        help: 'Something that is no container and that containers need; always 1.',
        afterwards: 0,
      },
      externals.map(({ id, name, asked }) => ({ labels: { external: id, name, asked }, value: 1 })),
    ),
    gauge(
      {
        name: 'health_monitor_external_up',
        help: 'Whether it works (1), or is down or not ready (0). None before that is known.',
      },
      known.map(({ id, status }) => ({ labels: { external: id }, value: Number(status === 'up') })),
    ),
  ];
}
