import type { Facts, SandboxOutcome } from '@upkeep/contract'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import { requestAt } from '@upkeep/domain/server-tests/request-at'

type Attempt = NonNullable<Facts<'server-tests'>['attempts']>[number]

const maxAttempts = 300

/** What a server tried in its watched starts, with the request that it was answering. The start of its own program is not one. */
export function attemptsIn(outcomes: readonly SandboxOutcome[]): Attempt[] {
  const found = new Map<string, Attempt>()
  for (const { attempts, transcript } of outcomes) {
    const own = (attempts ?? []).findIndex(({ what, allowed }) => what === 'execute' && allowed)
    for (const [at, { what, target, allowed, atMs }] of (attempts ?? []).entries()) {
      if (at === own || !isTold(what, target, allowed)) continue
      const during = requestAt(transcript, atMs)
      const key = JSON.stringify([what, target, allowed, during])
      const before = found.get(key)
      if (before !== undefined) before.times += 1
      else if (found.size < maxAttempts) found.set(key, { what, target, allowed, during, atMs, times: 1 })
    }
  }
  return [...found.values()]
}

/** What it writes where it may is its own business; a program is often looked for in several folders. */
function isTold(what: Attempt['what'], target: string, allowed: boolean): boolean {
  if (what === 'write') return !allowed && !target.startsWith('/data/')
  return what !== 'execute' || allowed
}

/** Names of the stand-ins whose text turned up in what the server said, or in what it tried. */
export function standInsIn(plan: RunPlan, trials: readonly { outcome: SandboxOutcome | null }[]): string[] {
  const outcomes = trials.map(({ outcome }) => outcome).filter((one) => one !== null)
  const texts = [
    ...plan.args.flatMap(({ text, standIn }, index) => (standIn ? [{ name: `argument ${index + 1}`, text }] : [])),
    ...Object.entries(plan.env).flatMap(([name, { text, standIn }]) => (standIn ? [{ name, text }] : [])),
  ]
  return texts.filter(({ text }) => outcomes.some((one) => holds(one, text))).map(({ name }) => name)
}

function holds({ transcript, stderr, attempts }: SandboxOutcome, text: string): boolean {
  return (
    transcript.some(({ way, line }) => way === 'out' && line.includes(text)) ||
    stderr.includes(text) ||
    (attempts ?? []).some(({ target }) => target.includes(text))
  )
}
