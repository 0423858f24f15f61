import * as copy from '../words/copy/index.js';

/** Nobody is let in without a token, and nothing else is shown. */
export function AccessPage() {
  return (
    <main id="main" class="page lone">
      <h1 tabIndex={-1}>{copy.access.title}</h1>
      <p>{copy.access.text}</p>
      <button type="button" class="button" onClick={() => location.reload()}>
        {copy.access.again}
      </button>
    </main>
  );
}

/** The page lives on the live connection; without one it has nothing to show. */
export function SwitchedOffPage() {
  return (
    <main id="main" class="page lone">
      <h1 tabIndex={-1}>{copy.unreachable.title}</h1>
      <p>{copy.unreachable.text}</p>
    </main>
  );
}
