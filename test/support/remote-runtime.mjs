import { ContainerRuntime, RuntimeError } from '@archipelago/health-monitor';

/** Asks the engine that the test plays in `EngineServer`, call by call. It has no events: everything is found by looking. */
export class RemoteRuntime extends ContainerRuntime {
  #url;
  #from;

  constructor(url, from = '') {
    super();
    this.#url = url;
    this.#from = from;
  }

  info = () => this.#ask('info');
  list = () => this.#ask('list');
  inspect = (id) => this.#ask('inspect', id);
  memory = () => this.#ask('memory');
  logs = (id, lines) => this.#ask('logs', id, lines);
  start = (id) => this.#ask('start', id);
  stop = (id, { timeoutMs }) => this.#ask('stop', id, { timeoutMs });
  restart = (id, { timeoutMs }) => this.#ask('restart', id, { timeoutMs });

  async *events({ signal }) {
    yield* [];
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }

  async #ask(call, ...args) {
    const response = await fetch(this.#url, {
      method: 'POST',
      body: JSON.stringify({ from: this.#from, call, args }),
    });
    const answer = await response.json();
    if (answer.error) throw new RuntimeError(answer.error.kind, answer.error.message);
    return answer.value;
  }
}
