/** A quantile of a sample with its 95 % interval. A bound is null where the sample is too small for it. */
export interface QuantileEstimate {
  value: number
  low: number | null
  high: number | null
}

const tail = 0.025

/**
 * The quantile of a sample by the nearest rank, with an interval that holds whatever the distribution: two values of the sample itself, by
 * the binomial distribution of how many lie below the quantile. `share` is between 0 and 1; NaN for an empty sample.
 */
export function quantileOf(sample: readonly number[], share: number): QuantileEstimate {
  const sorted = [...sample].sort((one, other) => one - other)
  const n = sorted.length
  const at = (rank: number | null) => (rank === null ? null : (sorted[rank - 1] ?? null))
  const { low, high } = boundRanks(n, share)
  return { value: sorted[Math.max(0, Math.ceil(n * share) - 1)] ?? Number.NaN, low: at(low), high: at(high) }
}

/** The ranks, from 1, of the two values between which the quantile lies in 95 of 100 samples; null beyond the ends of the sample. */
export function boundRanks(n: number, share: number): { low: number | null; high: number | null } {
  let low = 0
  let high: number | null = null
  let below = 0
  for (let k = 0; k < n; k += 1) {
    below += binomial(n, k, share)
    if (below <= tail) low = k + 1
    if (high === null && below >= 1 - tail) high = k + 1
  }
  return { low: low === 0 ? null : low, high }
}

function binomial(n: number, k: number, share: number): number {
  return Math.exp(logChoose(n, k) + k * Math.log(share) + (n - k) * Math.log1p(-share))
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}

const logs = [0]

function logFactorial(n: number): number {
  for (let k = logs.length; k <= n; k += 1) logs.push((logs[k - 1] ?? 0) + Math.log(k))
  return logs[n] ?? 0
}
