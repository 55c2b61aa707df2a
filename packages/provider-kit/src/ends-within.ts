/**
 * Whether something is over within a time. A server ends its response right after the last event; who waits for that can use
 * the connection again, and who does not wait for long is not held up by a server that never ends it.
 */
export async function endsWithin(ms: number, end: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([
      end.then(
        () => true,
        () => true,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
