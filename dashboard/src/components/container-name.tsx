import { href } from '../state/router.js';
import { shown } from '../words/safe-text.js';

/** A container's name: text, isolated from what stands around it. */
export function ContainerName({ name, whole = false }: { name: string; whole?: boolean }) {
  return <bdi class="name">{shown(name, whole ? Infinity : undefined)}</bdi>;
}

export function ContainerLink({ name }: { name: string }) {
  return (
    <a class="quiet-link" href={href.container(name)}>
      <ContainerName name={name} />
    </a>
  );
}

/** Names in a row, as links. */
export function ContainerLinks({ names, limit = 8 }: { names: readonly string[]; limit?: number }) {
  return (
    <span class="names">
      {names.slice(0, limit).map((name) => (
        <ContainerLink key={name} name={name} />
      ))}
      {names.length > limit && <span>+{names.length - limit}</span>}
    </span>
  );
}
