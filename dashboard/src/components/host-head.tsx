import { containersWords, engineWords, hostOf, isSilent, type WatchedHost } from '../model/hosts.js';
import { clock } from '../state/clock.js';
import { views } from '../state/monitor.js';
import { upperFirst } from '../words/format.js';
import { Shape } from './shape.js';
import { TextWithCode } from './text-with-code.js';

/** What stands over the containers of one of several hosts: its engine, since when it answers or not, and how many are wrong. */
export function HostHead({ host: { key, name, engine } }: { host: WatchedHost }) {
  const containers = [...views.value.values()].filter((view) => hostOf(view) === key);
  const silent = isSilent(engine);
  return (
    <header class="host-head" data-tone={silent ? 'bad' : undefined}>
      <h3 id={`host-${key}`}>
        {silent && <Shape name="down" />}
        <bdi>{name}</bdi>
      </h3>
      <p>
        <span>{upperFirst(engineWords(engine, clock.value))}.</span>{' '}
        <span>{containersWords(engine, containers)}.</span>
      </p>
      {engine.problem && !silent && (
        <p class="host-problem">
          <TextWithCode text={engine.problem} limit={300} />
        </p>
      )}
    </header>
  );
}
