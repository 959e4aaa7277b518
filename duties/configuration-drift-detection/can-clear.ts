import type { Seen } from '@upkeep/contract'

interface SeenNow {
  approved: Seen<'approved-server'>
  declared: Seen<'declared-server'>
  resolved: Seen<'resolved-package'>
  exposure: Seen<'file-exposure'>
  surface: Seen<'tool-surface'>
}

/**
 * Whether the layer of an earlier drift was really compared again. What is unknown of one layer says nothing of another: an entry that was
 * put back is put back, whether or not a copy of its package is installed.
 */
export function canClear(rule: string, { approved, declared, resolved, exposure, surface }: SeenNow): boolean {
  if (approved.state === 'unavailable' || declared.state === 'unavailable') return false
  if (declared.state === 'absent' || approved.state === 'absent') return true
  if (rule === 'tools-changed')
    return surface.state === 'seen' && surface.facts.tools !== null && !surface.facts.truncated
  if (rule === 'permissions-changed') return exposure.state === 'seen'
  if (rule !== 'bytes-changed' && rule !== 'version-changed') return true
  return resolved.state === 'seen' && resolved.facts.installed.every((copy) => copy.digest !== null)
}
