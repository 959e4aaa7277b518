import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SandboxBounds } from '@upkeep/contract'

/** Where control groups are looked for: the system's place, another one in tests. */
export const systemGroups = '/sys/fs/cgroup'

/** What the kernel counted of everything that was ever in the group. Null where it does not count. */
export interface GroupUse {
  cpuMs: number | null
  peakMemoryBytes: number | null
  hit: 'memory' | 'processes' | null
}

/** A control group of one run: bounds that hold for all of its processes together. */
export interface ControlGroup {
  version: 'cgroup-v1' | 'cgroup-v2'
  /** Files to write a process number to before it becomes the run. */
  doors: readonly string[]
  use(): GroupUse
  members(): number[]
  /** Kills what is left in it and removes it; false when something stays. */
  remove(): Promise<boolean>
}

/** Which kind of group this process may make; null when none. */
export function groupVersion(mount: string = systemGroups): ControlGroup['version'] | null {
  const probe = `upkeep-probe-${process.pid}`
  if (['memory', 'pids'].every((one) => canMake(join(mount, one), probe))) return 'cgroup-v1'
  const given = read(join(mount, 'cgroup.subtree_control')) ?? ''
  const both = ['memory', 'pids'].every((one) => given.split(/\s+/).includes(one))
  return both && canMake(mount, probe) ? 'cgroup-v2' : null
}

function canMake(parent: string, name: string): boolean {
  if (!existsSync(join(parent, 'cgroup.procs'))) return false
  try {
    mkdirSync(join(parent, name))
    rmdirSync(join(parent, name))
    return true
  } catch {
    return false
  }
}

/** Makes the group with its bounds, in which what is ours is counted. */
export function makeGroup(
  version: ControlGroup['version'],
  name: string,
  bounds: Bounds,
  mount: string = systemGroups,
): ControlGroup {
  return version === 'cgroup-v1' ? makeV1(mount, name, bounds) : makeV2(join(mount, name), bounds)
}

type Bounds = Pick<SandboxBounds, 'memoryBytes' | 'processes'>

function makeV1(mount: string, name: string, { memoryBytes, processes }: Bounds): ControlGroup {
  const parts = ['memory', 'pids', 'cpuacct'].filter((one) => existsSync(join(mount, one, 'cgroup.procs')))
  const folders = parts.map((one) => join(mount, one, name))
  for (const folder of folders) mkdirSync(folder)
  const at = (part: string, file: string) => join(mount, part, name, file)
  writeFileSync(at('memory', 'memory.limit_in_bytes'), String(memoryBytes))
  if (existsSync(at('memory', 'memory.memsw.limit_in_bytes')))
    writeFileSync(at('memory', 'memory.memsw.limit_in_bytes'), String(memoryBytes))
  writeFileSync(at('pids', 'pids.max'), String(processes))
  return {
    version: 'cgroup-v1',
    doors: folders.map((folder) => join(folder, 'cgroup.procs')),
    use: () => {
      const nanoseconds = number(read(at('cpuacct', 'cpuacct.usage')))
      return {
        cpuMs: nanoseconds === null ? null : nanoseconds / 1e6,
        peakMemoryBytes: number(read(at('memory', 'memory.max_usage_in_bytes'))),
        hit: whichHit(
          field(read(at('memory', 'memory.oom_control')), 'oom_kill'),
          field(read(at('pids', 'pids.events')), 'max'),
        ),
      }
    },
    members: () => membersOf(folders),
    remove: () => emptyAndRemove(folders),
  }
}

function makeV2(folder: string, { memoryBytes, processes }: Bounds): ControlGroup {
  mkdirSync(folder)
  const at = (file: string) => join(folder, file)
  writeFileSync(at('memory.max'), String(memoryBytes))
  if (existsSync(at('memory.swap.max'))) writeFileSync(at('memory.swap.max'), '0')
  writeFileSync(at('pids.max'), String(processes))
  return {
    version: 'cgroup-v2',
    doors: [at('cgroup.procs')],
    use: () => {
      const microseconds = field(read(at('cpu.stat')), 'usage_usec')
      return {
        cpuMs: microseconds === null ? null : microseconds / 1e3,
        peakMemoryBytes: number(read(at('memory.peak'))),
        hit: whichHit(field(read(at('memory.events')), 'oom_kill'), field(read(at('pids.events')), 'max')),
      }
    },
    members: () => membersOf([folder]),
    remove: () => emptyAndRemove([folder]),
  }
}

function whichHit(oomKills: number | null, refusedForks: number | null): GroupUse['hit'] {
  if (oomKills !== null && oomKills > 0) return 'memory'
  return refusedForks !== null && refusedForks > 0 ? 'processes' : null
}

function membersOf(folders: readonly string[]): number[] {
  const listed = folders.flatMap((folder) => (read(join(folder, 'cgroup.procs')) ?? '').split('\n'))
  return [...new Set(listed.filter((line) => line !== '').map(Number))]
}

/** Kills until nobody is left: a process that forks while it is looked at is there at the next look, and its group lets it no further. */
async function emptyAndRemove(folders: readonly string[]): Promise<boolean> {
  for (let tries = 0; tries < 200; tries += 1) {
    for (const pid of membersOf(folders)) kill(pid)
    if (folders.every(removed)) return true
    await new Promise((wake) => setTimeout(wake, Math.min(5 + tries, 25)))
  }
  return false
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself meanwhile.
  }
}

function removed(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch {
    return !existsSync(folder)
  }
}

/** Removes the groups of runs whose owner was killed. */
export async function removeGroups(names: readonly string[], mount: string = systemGroups): Promise<void> {
  const parents = [mount, ...(existsSync(mount) ? readdirSync(mount).map((one) => join(mount, one)) : [])]
  for (const name of names)
    await emptyAndRemove(parents.map((parent) => join(parent, name)).filter((folder) => existsSync(folder)))
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function number(text: string | null): number | null {
  return text === null || !/^\d+\s*$/.test(text) ? null : Number(text)
}

function field(text: string | null, name: string): number | null {
  const line = (text ?? '').split('\n').find((one) => one.startsWith(`${name} `))
  return line === undefined ? null : number(line.slice(name.length + 1))
}
