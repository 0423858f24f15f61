import { replicaInWords, type HealthStatus, type MachineView } from '../client.js';
import { engineWords } from '../model/hosts.js';
import { spaceLeft } from '../model/space.js';
import { clock } from '../state/clock.js';
import { connection, status } from '../state/monitor.js';
import { singleKeys, theme, type Theme } from '../state/preferences.js';
import * as copy from '../words/copy/index.js';
import { duration, time } from '../words/format.js';
import { shown } from '../words/safe-text.js';
import { ChoiceBar } from './choice-bar.js';
import { Dialog } from './dialog.js';
import { Fact } from './fact.js';
import { Ago } from './time.js';
import { TextWithCode } from './text-with-code.js';

/** What the page knows of its server, and the two things a person may set here. */
export function ServerPanel({ onClose }: { onClose: () => void }) {
  const words = copy.panel;
  const known = status.value;
  const replica = known?.replica && replicaInWords(known.replica);
  const { status: connected, since, reason } = connection.value;
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      actions={
        <button type="button" class="button" autofocus onClick={onClose}>
          {words.close}
        </button>
      }
    >
      <dl class="facts">
        <Fact label={words.connection}>
          {connected === 'live' ? words.liveSince(time(since)) : (reason ?? copy.connection[connected])}
        </Fact>
        {known && (
          <>
            <EngineFact label={words.engine} engine={known.engine} />
            {known.hosts?.map(({ host, name, engine }) => (
              <EngineFact key={host} label={shown(name)} engine={engine} />
            ))}
            <Fact label={words.lastCheck}>
              {known.lastCheckAt ? <Ago at={known.lastCheckAt} /> : words.never}
            </Fact>
            <Fact label={words.storage}>
              {known.store.problem
                ? `${words.notKept}: ${shown(known.store.problem, 300)}`
                : known.store.kind === 'sqlite'
                  ? words.sqlite
                  : known.store.kind === 'memory'
                    ? words.memory
                    : shown(known.store.kind)}
            </Fact>
            {replica && <Fact label={words.replica}>{shown(replica)}</Fact>}
            {known.machine && <Machine machine={known.machine} />}
            <Fact label={words.webhooks}>
              {known.webhooks
                ? words.webhooksState(known.webhooks.endpoints, known.webhooks.failing, known.webhooks.queued)
                : words.webhooksNone}
            </Fact>
          </>
        )}
        <Fact label={words.theme}>
          <ChoiceBar<Theme>
            label={words.theme}
            choices={words.themes}
            chosen={theme.value}
            onChoose={(choice) => (theme.value = choice)}
          />
        </Fact>
        <Fact label={words.keys}>
          <KeyList />
        </Fact>
      </dl>
    </Dialog>
  );
}

function EngineFact({ label, engine }: { label: string; engine: HealthStatus['engine'] }) {
  return (
    <Fact label={label}>
      {engineWords(engine, clock.value)}
      {engine.problem && (
        <>
          {'. '}
          <TextWithCode text={engine.problem} limit={300} />
        </>
      )}
    </Fact>
  );
}

/** Less is said by the second. */
const CLOCK_RIGHT_MS = 2_000;

/** The machine below the containers: space, memory, the clock. */
function Machine({ machine }: { machine: MachineView }) {
  const { fileSystems, memoryPressure, clockOffMs } = machine;
  const words = copy.space;
  return (
    <>
      {fileSystems.length > 0 && (
        <Fact label={words.title}>
          <ul class="spaces">
            {fileSystems.map((one) => (
              <li
                key={one.mount}
                data-tone={one.standing === 'full' || one.standing === 'read-only' ? 'bad' : 'warn'}
              >
                <b>{shown(one.mount)}</b> {spaceLeft(one)}
                {one.standing !== 'ok' && <strong> {words.standing[one.standing]}</strong>}
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {memoryPressure !== null && (
        <Fact label={words.pressure}>{words.pressureOf(Math.round(memoryPressure * 100))}</Fact>
      )}
      {clockOffMs !== null && (
        <Fact label={words.clock}>
          {Math.abs(clockOffMs) <= CLOCK_RIGHT_MS
            ? words.clockRight
            : words.clockOff(duration(Math.abs(clockOffMs)), clockOffMs > 0)}
        </Fact>
      )}
    </>
  );
}

function KeyList() {
  return (
    <>
      <label class="choice">
        <input
          type="checkbox"
          checked={singleKeys.value}
          onChange={(event) => (singleKeys.value = event.currentTarget.checked)}
        />
        <span>{copy.keyboard.on}</span>
      </label>
      <ul class="keys">
        {copy.keyboard.list.map(([keys, does]) => (
          <li key={keys}>
            <kbd>{keys}</kbd> {does}
          </li>
        ))}
      </ul>
      <p>{copy.keyboard.never}</p>
    </>
  );
}
