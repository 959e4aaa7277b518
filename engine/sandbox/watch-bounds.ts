import { existsSync, readFileSync, statfsSync } from 'node:fs'
import type { SandboxBounds, SandboxOutcome } from '@upkeep/contract'
import type { ControlGroup } from './control-group.ts'
import type { Launcher } from './launcher.ts'
import { type TreeMember, tasksInside, treeBelow } from './process-tree.ts'
import { ownProcesses } from './supervisor.ts'

/** Everything of a run that was looked at while it lived. */
export interface Watch {
  /** Everyone who was ever seen in it. */
  seen(): readonly TreeMember[]
  peakMemoryBytes(): number | null
  cpuMs(): number | null
  /** One last look; the limit that is now known to be hit, if any. */
  stop(): SandboxOutcome['ended'] | null
}

const lookEveryMs = 50

/** Looks at a run until it is stopped, and tells once when a limit is hit. */
export function watchBounds(
  root: number,
  // `isFull`: what of the run's disk lies outside of its file system in memory.
  { bounds, own, isFull }: { bounds: SandboxBounds; own: Launcher['own']; isFull(): boolean },
  group: ControlGroup | null,
  onHit: (limit: SandboxOutcome['ended']) => void,
): Watch {
  const seen = new Map<string, TreeMember>()
  const most = { memoryBytes: 0, cpuMs: 0 }
  let inside: number | null = null
  function look(): SandboxOutcome['ended'] | null {
    const tree = treeBelow(root)
    for (const one of tree) seen.set(`${one.pid} ${one.started}`, one)
    inside ??= tree.find((one) => isFirstInside(one.pid))?.pid ?? null
    const use = group?.use() ?? null
    most.memoryBytes = Math.max(most.memoryBytes, use?.peakMemoryBytes ?? sum(tree, (one) => one.memoryBytes))
    most.cpuMs = Math.max(most.cpuMs, use?.cpuMs ?? sum(tree, (one) => one.cpuMs))
    if (most.cpuMs > bounds.cpuSeconds * 1_000) return 'cpu-time'
    const grown = use === null ? grownBeyond(tree, together(bounds, own)) : use.hit
    if (grown !== null) return grown
    return inside === null ? null : grownInside(inside, bounds, isFull)
  }
  const timer = setInterval(() => {
    const limit = look()
    if (limit !== null) onHit(limit)
  }, lookEveryMs)
  const wall = setTimeout(() => onHit('wall-time'), bounds.wallSeconds * 1_000)
  return {
    seen: () => [...seen.values()],
    peakMemoryBytes: () => most.memoryBytes || null,
    cpuMs: () => Math.round(most.cpuMs) || null,
    stop() {
      clearInterval(timer)
      clearTimeout(wall)
      return look()
    },
  }
}

/** What the run may take and what its launcher and our supervisor take by themselves. */
export function together(bounds: SandboxBounds, own: Launcher['own']): SandboxBounds {
  return {
    ...bounds,
    memoryBytes: bounds.memoryBytes + own.memoryBytes,
    processes: bounds.processes + own.processes + ownProcesses,
  }
}

/** Without a group of the kernel's: what our look sees at once. */
function grownBeyond(tree: readonly TreeMember[], bounds: SandboxBounds): 'memory' | 'processes' | null {
  if (sum(tree, (one) => one.memoryBytes) > bounds.memoryBytes) return 'memory'
  return sum(tree, (one) => one.threads) > bounds.processes ? 'processes' : null
}

/** A tree is walked while it grows and dies; the list that the namespace itself keeps misses nobody, and knows nothing of the launcher. */
function grownInside(first: number, bounds: SandboxBounds, isFull: () => boolean): 'processes' | 'disk' | null {
  if (tasksInside(first) > bounds.processes + ownProcesses) return 'processes'
  return isFullInside(first) || isFull() ? 'disk' : null
}

function sum(tree: readonly TreeMember[], of: (one: TreeMember) => number): number {
  return tree.reduce((total, one) => total + of(one), 0)
}

function isFirstInside(pid: number): boolean {
  try {
    const line = /^NSpid:\s+(.+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? ''
    const numbers = line.split(/\s+/)
    // Until the walls stand, its root is still the real one.
    return numbers.length > 1 && numbers.at(-1) === '1' && existsSync(`/proc/${pid}/root/run/upkeep`)
  } catch {
    return false
  }
}

/** Whether the writable place has no room left; unknown counts as no. */
function isFullInside(pid: number): boolean {
  try {
    const facts = statfsSync(`/proc/${pid}/root/data`)
    return facts.type === tmpfs && facts.bavail === 0
  } catch {
    return false
  }
}

const tmpfs = 0x01021994
