import type { WatchedHost } from '../model/hosts.js';
import * as copy from '../words/copy/index.js';

/** Whose containers are shown: one host's, or all. */
export function HostChoice({
  hosts,
  chosen,
  onChoose,
}: {
  hosts: readonly WatchedHost[];
  /** Its key; of no host: all. */
  chosen: string;
  onChoose: (key: string) => void;
}) {
  return (
    <label class="host-choice">
      <span class="hidden">{copy.hosts.choose}</span>
      <select onChange={(event) => onChoose(event.currentTarget.value)}>
        <option value="">{copy.hosts.all}</option>
        {hosts.map(({ key, name }) => (
          <option key={key} value={key} selected={key === chosen}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
