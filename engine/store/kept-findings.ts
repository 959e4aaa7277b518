import type { Finding } from '@upkeep/contract/finding'
import type { Store } from './store.ts'

/**
 * The same store, whose current findings are read once and then only as far as something was appended since. For whoever keeps a store
 * open and asks it again and again: it costs the memory of all of them. Transactions read as ever.
 */
export function keepingFindings(store: Store): Store {
  let kept = { last: 0, byFingerprint: new Map<string, Finding>() }
  let turn: Promise<unknown> = Promise.resolve()

  async function read(): Promise<Finding[]> {
    const news = await store.findings.since(kept.last)
    // Only where the state was put back to an earlier one is there less than was read.
    if (news.last < kept.last) {
      kept = { last: 0, byFingerprint: new Map() }
      return read()
    }
    for (const finding of news.findings) {
      const { fingerprint } = finding.statement
      // Taken out first, so that it stands at the end: the order is that of the newest record of each.
      kept.byFingerprint.delete(fingerprint)
      kept.byFingerprint.set(fingerprint, finding)
    }
    kept.last = news.last
    return [...kept.byFingerprint.values()]
  }
  function current(): Promise<Finding[]> {
    const mine = turn.then(read)
    turn = mine.catch(() => {})
    return mine
  }
  return { ...store, findings: { ...store.findings, current } }
}
