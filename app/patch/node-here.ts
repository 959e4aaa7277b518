import { type Observation, ordinaryBounds, type Subject } from '@upkeep/contract'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import type { SandboxPort } from '@upkeep/contract/sandbox'

const waitMs = 10_000

/** What the package of a server says that it needs of Node, as it says it; null where it says nothing. */
export function enginesOf(seen: readonly Observation[], { id }: Subject): string | null {
  const found = seen.find((one) => one.kind === 'resolved-package' && one.subject.id === id)
  if (found?.kind !== 'resolved-package' || found.state !== 'seen' || found.facts.wouldRun === null) return null
  return found.facts.installed[found.facts.wouldRun]?.engines ?? null
}

/** The version of the Node that the sandbox gives a server here: the first one on the search path. Null where it does not say. */
export async function nodeHere(sandbox: SandboxPort, { searches }: Pick<RunPlan, 'searches'>): Promise<string | null> {
  const started = await sandbox.start(
    {
      argv: ['node', '--version'],
      ...(searches === undefined ? {} : { searches }),
      env: {},
      cwd: '/data',
      shows: [],
      lays: [],
      network: 'none',
      bounds: { ...ordinaryBounds, wallSeconds: waitMs / 1_000 },
    },
    ['files', 'processes', 'network'],
  )
  if ('state' in started) return null
  const { transcript } = await started.ended
  await started.stop()
  const said = transcript.find(({ way }) => way === 'out')?.line ?? ''
  return /^v(\d{1,4}\.\d{1,4}\.\d{1,4})/.exec(said.trim())?.[1] ?? null
}
