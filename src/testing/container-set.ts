import { RuntimeError } from '../health-monitor/runtime/index.js';
import type { InMemoryContainer } from './in-memory-container.js';

/** The containers of an engine, in the order they were added. A name is a test's word for one, an id that of the port. */
export class ContainerSet implements Iterable<InMemoryContainer> {
  private readonly containers = new Map<string, InMemoryContainer>();
  private readonly byId = new Map<string, InMemoryContainer>();

  [Symbol.iterator](): Iterator<InMemoryContainer> {
    return this.containers.values();
  }

  has(name: string): boolean {
    return this.containers.has(name);
  }

  add(container: InMemoryContainer): void {
    this.containers.set(container.name, container);
    this.byId.set(container.id, container);
  }

  rename(container: InMemoryContainer, name: string): void {
    const all = [...this.containers.values()];
    container.name = name;
    this.containers.clear();
    for (const each of all) this.containers.set(each.name, each);
  }

  delete({ name, id }: InMemoryContainer): void {
    this.containers.delete(name);
    this.byId.delete(id);
  }

  /** @throws Error when there is none */
  named(name: string): InMemoryContainer {
    const container = this.containers.get(name);
    if (!container) throw new Error(`There is no container named ${name}.`);
    return container;
  }

  /** @throws Error when there is none, or it is down */
  up(name: string): InMemoryContainer {
    const container = this.named(name);
    if (!container.isUp) throw new Error(`${name} does not run: it is ${container.state}.`);
    return container;
  }

  /** @throws RuntimeError `not-found` */
  withId(id: string): InMemoryContainer {
    const container = this.find(id);
    if (!container) throw new RuntimeError('not-found', `There is no container with the id ${id}.`);
    return container;
  }

  find(id: string): InMemoryContainer | undefined {
    return this.byId.get(id);
  }
}
