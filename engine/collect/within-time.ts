export type TimedOutcome<T> =
  | { state: 'done'; value: T }
  | { state: 'failed'; code: 'timed-out' | 'collector-failed'; reason: string }

/**
 * Runs one call within its time. A thrown error becomes an outcome; its message is not passed on, since it may quote what was read.
 */
export async function withinTime<T>(
  seconds: number,
  outer: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<TimedOutcome<T>> {
  const timer = new AbortController()
  const timeout = setTimeout(() => timer.abort(), seconds * 1_000)
  const signal = AbortSignal.any([outer, timer.signal])
  const stopped = new Promise<TimedOutcome<T>>((settle) => {
    const stop = () =>
      settle({
        state: 'failed',
        code: 'timed-out',
        reason: outer.aborted ? 'stopped by the user' : `no result within ${seconds} s`,
      })
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([call(signal).then((value): TimedOutcome<T> => ({ state: 'done', value })), stopped])
  } catch (error) {
    return {
      state: 'failed',
      code: 'collector-failed',
      reason: `failed (${error instanceof Error ? error.name : 'unknown error'})`,
    }
  } finally {
    clearTimeout(timeout)
  }
}
