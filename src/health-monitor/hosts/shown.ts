import { NotFoundException } from '@nestjs/common';
import type { ContainerView, EngineStatus, HostStatus, Incident } from '../../common/events/index.js';
import type { ResolvedOptions } from '../../common/options/index.js';
import { parseReference } from '../../common/reference/index.js';
import { incidentView, isShown } from '../incidents/index.js';
import { incidentAtHost, viewAtHost } from './at-host.js';
import type { KnownHost, KnownState } from './known-host.js';

/** A view as people see it: among those of all hosts, and with its memory. */
export function shownContainer(host: KnownHost, view: ContainerView): ContainerView {
  const shown = { ...view, memory: host.memoryOf(view.name) };
  return host.name === null ? shown : viewAtHost(host.name, shown);
}

/** A container, by what is known of it on its host. */
export interface Found<H extends KnownHost> {
  readonly host: H;
  readonly view: ContainerView;
}

/**
 * By name or app id, behind `HOST/` on another host.
 *
 * @throws NotFoundException
 */
export function findContainer<H extends KnownHost>(hosts: readonly H[], reference: string): Found<H> {
  const { host: key, name } = parseReference(reference);
  const host = hosts.find((one) => (one.name?.key ?? null) === key);
  const views = host?.state.views;
  const view = views?.get(name) ?? [...(views?.values() ?? [])].find(({ appId }) => appId === name);
  if (!host || !view) {
    throw new NotFoundException(`There is no container ${JSON.stringify(reference.slice(0, 200))}.`);
  }
  return { host, view };
}

/** All containers of these hosts, host by host. */
export const shownContainers = (hosts: readonly KnownHost[]): readonly ContainerView[] =>
  hosts.flatMap((host) => host.views().map((view) => shownContainer(host, view)));

/** Those that are open, and those resolved since then; newest first. @param since milliseconds since 1970 */
export const shownIncidents = (hosts: readonly KnownHost[], since: number): readonly Incident[] =>
  hosts
    .flatMap(({ name, state }) =>
      [...state.incidents.values()]
        .filter((one) => isShown(one) && (one.resolvedAt === null || Date.parse(one.resolvedAt) >= since))
        .map((one) => ({ since: one.since, view: incidentView(one), name })),
    )
    .sort((a, b) => b.since - a.since)
    .map(({ view, name }) => (name === null ? view : incidentAtHost(name, view)));

/** @param kind what was configured, shown until the engine said what it is */
export const shownEngine = (
  { info, reachable, since, problem }: KnownState['engine'],
  kind: string,
): EngineStatus => ({
  kind: info?.kind ?? kind,
  version: info?.version ?? null,
  reachable: reachable === true,
  since: since === null ? null : iso(since),
  problem,
});

/** Another host than the local one. */
export function shownHost(host: KnownHost, { hosts }: Pick<ResolvedOptions, 'hosts'>): HostStatus {
  const { engine, lastFullCheckAt } = host.state;
  const { key, title } = host.name!;
  return {
    host: key,
    name: title,
    engine: shownEngine(engine, hosts[key]!.runtime.kind),
    lastCheckAt: lastFullCheckAt === null ? null : iso(lastFullCheckAt),
    machine: host.machine,
  };
}

const iso = (at: number): string => new Date(at).toISOString();
