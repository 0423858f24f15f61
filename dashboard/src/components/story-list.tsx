import type { HealthEvent } from '../client.js';
import { story } from '../model/story.js';
import { clock } from '../state/clock.js';
import { calledOf } from '../state/monitor.js';
import * as copy from '../words/copy/index.js';
import { day } from '../words/format.js';
import { shown } from '../words/safe-text.js';
import { ContainerLinks } from './container-name.js';
import { Shape } from './shape.js';
import { ClockTime } from './time.js';

interface StoryListProps {
  readonly events: readonly HealthEvent[];
  /** Whose story it is: not named in every line. */
  readonly subject?: string;
  /** Whether it spans days, so that a time alone would not do. */
  readonly days?: boolean;
  /** How a leak is measured, where that stands above the story: not said again in it. */
  readonly said?: string;
}

/** Changes of state in colour; messages, small and grey. */
export function StoryList({ events, subject, days = false, said }: StoryListProps) {
  return (
    <ol class="story">
      {story(events, said, calledOf).map(({ key, at, mark, tone, names, text, close }) => (
        <li key={key} data-tone={tone} data-mark={mark}>
          <span class="story-when">
            {days && `${day(at, clock.value)} `}
            <ClockTime at={at} exact={!days || close} />
          </span>
          <Shape name={mark} />
          <span>
            {names.some((name) => name !== subject) && (
              <>
                <ContainerLinks names={names} />{' '}
              </>
            )}
            {text}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** The raw events, in order. */
export function EventTable({ events }: { events: readonly HealthEvent[] }) {
  const words = copy.incident;
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={words.everything}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.seq}</th>
            <th scope="col">{words.when}</th>
            <th scope="col">{words.type}</th>
            <th scope="col">{words.who}</th>
            <th scope="col">{words.what}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.seq}>
              <td>{event.seq}</td>
              <td>
                <ClockTime at={event.at} exact />
              </td>
              <td>
                <code>{shown(event.type)}</code>
              </td>
              <td>{event.container !== undefined && <bdi>{shown(event.container)}</bdi>}</td>
              <td>{'reason' in event.data ? shown(event.data.reason, 400) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
