import { availableParallelism, cpus, totalmem } from 'node:os'

/** One line about where figures were measured: they mean nothing without it. */
export function machineLine(): string {
  const gigabytes = (totalmem() / 2 ** 30).toFixed(1)
  return `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${gigabytes} GiB, Node ${process.version}, ${process.platform}`
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}
