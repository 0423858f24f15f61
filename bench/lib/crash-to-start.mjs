import { performance } from 'node:perf_hooks';

/** From the end of a container, which the engine tells at once, to the call that starts it again. */
export async function crashToStart(runtime, name) {
  const { start } = runtime;
  const answered = new Promise((resolve) => {
    runtime.start = (...order) => {
      resolve(performance.now());
      return start.apply(runtime, order);
    };
  });
  const began = performance.now();
  runtime.crash(name, 1);
  const answer = await answered;
  runtime.start = start;
  return answer - began;
}
