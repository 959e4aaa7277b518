const tries = 3

/**
 * How many times more processor time work takes when there is ten times as much of it: the least of three tries, of this thread alone, so that
 * a machine that is busy changes nothing. Linear work is near ten, that of the square near a hundred.
 */
export function growthOfTenfold(work: (times: number) => void, small: number): number {
  work(small)
  // Below a millisecond it is the clock that is measured.
  const ratios = Array.from({ length: tries }, () => costOf(work, small * 10) / Math.max(costOf(work, small), 1_000))
  return Math.min(...ratios)
}

/** In microseconds. */
function costOf(work: (times: number) => void, times: number): number {
  const before = process.threadCpuUsage()
  work(times)
  const { user, system } = process.threadCpuUsage(before)
  return user + system
}
