import type { Facts, Seen } from '@upkeep/contract'
import { decision, emptyPart, type Part } from './part.ts'

type Declared = Facts<'declared-server'>

/** Whether the entry says which version it starts. */
export function judgePin(declared: Declared, resolved: Seen<'resolved-package'>): Part {
  const { launch } = declared
  const part = emptyPart()
  if (!('pinned' in launch)) return part
  const name = 'image' in launch ? launch.image : launch.name
  part.decided.push(decision('unpinned-entry', name))
  const requested = 'image' in launch ? launch.tag : launch.requested
  if (launch.pinned) part.passes.push(`the entry names one version of ${name}`)
  else part.findings.push(unpinned(declared, { name, requested, wouldRun: wouldRun(resolved) }))
  return part
}

function wouldRun(resolved: Seen<'resolved-package'>): string | null {
  if (resolved.state !== 'seen' || resolved.facts.wouldRun === null) return null
  return resolved.facts.installed[resolved.facts.wouldRun]?.version ?? null
}

function unpinned(
  { path, name: server, launch }: Declared,
  { name, requested, wouldRun }: { name: string; requested: string | null; wouldRun: string | null },
): Part['findings'][number] {
  const asks = requested === null ? 'no version' : `"${requested}"`
  const image = 'image' in launch
  const change = wouldRun !== null && !image && launch.via !== 'uvx' && launch.via !== 'pipx'
  return {
    rule: 'unpinned-entry',
    facts: { package: name, requested, wouldRun },
    summary: `the entry asks for ${asks} of ${name}: ${image ? 'the tag can be moved' : 'the registry decides what starts'}`,
    action: image
      ? 'Name the image by its digest.'
      : wouldRun === null
        ? 'Write the version that you looked at into the entry.'
        : `Set it to ${wouldRun}, which would start today.`,
    proposals:
      change && wouldRun !== null
        ? [
            {
              change: { kind: 'set-server-version', path, server, package: name, from: requested, to: wouldRun },
              why: 'the version that would start today, so that nothing changes but who decides',
              limits: ['what the package brings along is still chosen when it is installed'],
            },
          ]
        : [],
  }
}
