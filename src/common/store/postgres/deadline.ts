/** Something took longer than it may. */
export class DeadlineError extends Error {}

/**
 * What `work` gives, unless that takes longer.
 *
 * @param late is given what came after all, when nobody waits for it any more
 * @throws DeadlineError
 */
export async function withDeadline<T>(
  work: Promise<T>,
  deadlineMs: number,
  late: (value: T) => void = () => undefined,
): Promise<T> {
  let isLate = false;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isLate = true;
      reject(new DeadlineError(`no answer within ${deadlineMs} ms`));
    }, deadlineMs);
  });
  work.then(
    (value) => {
      if (isLate) late(value);
    },
    () => undefined,
  );
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
