/** A version of Debian's form, parted: epoch, the maker's version, and the revision of the packaging. */
export interface DebVersion {
  epoch: number
  upstream: string
  revision: string
}

/** Parts a version as Debian's policy has it; null for what is none. Without a revision it is as if that were 0. */
export function readDeb(text: string): DebVersion | null {
  const [, epoch, rest = ''] = /^(?:(\d{1,9}):)?(.*)$/s.exec(text) ?? []
  const cut = rest.lastIndexOf('-')
  const upstream = cut === -1 ? rest : rest.slice(0, cut)
  const revision = cut === -1 ? '' : rest.slice(cut + 1)
  const fits = /^\d[A-Za-z0-9.+~:-]*$/.test(upstream) && /^[A-Za-z0-9.+~]*$/.test(revision)
  if (!fits || (cut !== -1 && revision === '')) return null
  // Without an epoch a colon cannot stand in it: what is before the colon would be one.
  return epoch === undefined && upstream.includes(':') ? null : { epoch: Number(epoch ?? 0), upstream, revision }
}

/** Debian's order: by epoch, then by the maker's version, then by the revision. */
export function compareDeb(a: DebVersion, b: DebVersion): number {
  return a.epoch - b.epoch || compareRuns(a.upstream, b.upstream) || compareRuns(a.revision, b.revision)
}

/** Runs of other signs and runs of digits by turns: signs by their weight, digits as numbers. */
function compareRuns(left: string, right: string): number {
  let [a, b] = [left, right]
  while (a !== '' || b !== '') {
    const [signsA, signsB] = [leading(a, /^\D*/), leading(b, /^\D*/)]
    const bySigns = compareSigns(signsA, signsB)
    if (bySigns !== 0) return bySigns
    const [restA, restB] = [a.slice(signsA.length), b.slice(signsB.length)]
    const [digitsA, digitsB] = [leading(restA, /^\d*/), leading(restB, /^\d*/)]
    const byNumber = compareDigits(digitsA, digitsB)
    if (byNumber !== 0) return byNumber
    a = restA.slice(digitsA.length)
    b = restB.slice(digitsB.length)
  }
  return 0
}

function leading(text: string, run: RegExp): string {
  return run.exec(text)?.[0] ?? ''
}

function compareSigns(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = weightOf(a[at]) - weightOf(b[at])
    if (difference !== 0) return difference
  }
  return 0
}

/** A tilde stands before the end itself, so that `1.0~rc1` is older than `1.0`; letters stand before all other signs. */
function weightOf(sign: string | undefined): number {
  if (sign === undefined) return 0
  if (sign === '~') return -1
  const code = sign.charCodeAt(0)
  return /[A-Za-z]/.test(sign) ? code : code + 256
}

/** Numbers of any length: no digits are nought, and leading noughts do not count. */
export function compareDigits(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')]
  if (left.length !== right.length) return left.length - right.length
  return compareText(left, right)
}

/** Plain order of texts by their code units. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
