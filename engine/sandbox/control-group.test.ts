import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { groupVersion, makeGroup, removeGroups } from './control-group.ts'

// The layout of cgroups(7) and of the kernel's cgroup-v2.rst, as plain files: what the kernel does with them is not tested here.
let mount = ''
beforeEach(() => {
  mount = mkdtempSync(join(tmpdir(), 'upkeep-test-groups-'))
})
afterEach(() => rmSync(mount, { recursive: true, force: true }))

function put(path: string, text: string): void {
  mkdirSync(join(mount, path, '..'), { recursive: true })
  writeFileSync(join(mount, path), text)
}
const bounds = { memoryBytes: 64 << 20, processes: 40 }
const read = (path: string) => readFileSync(join(mount, path), 'utf8')

describe('version 2', () => {
  beforeEach(() => {
    put('cgroup.procs', '')
    put('cgroup.subtree_control', 'cpuset cpu io memory pids\n')
  })

  test('is found where memory and processes are handed on to groups below, and not else', () => {
    expect(groupVersion(mount)).toBe('cgroup-v2')
    put('cgroup.subtree_control', 'cpu memory\n')
    expect(groupVersion(mount)).toBeNull()
    rmSync(join(mount, 'cgroup.procs'))
    put('cgroup.subtree_control', 'memory pids\n')
    expect(groupVersion(mount)).toBeNull()
  })

  test('bounds are written before anyone is in it, through one door', () => {
    const group = makeGroup('cgroup-v2', 'run', bounds, mount)
    expect([read('run/memory.max'), read('run/pids.max')]).toEqual(['67108864', '40'])
    expect(group.doors).toEqual([join(mount, 'run/cgroup.procs')])
    expect(existsSync(join(mount, 'run/memory.swap.max'))).toBe(false)
  })

  test.each([
    ['nothing', 'oom 0\noom_kill 0\n', 'max 0\n', null],
    ['a kill for want of memory', 'oom 1\noom_kill 1\n', 'max 0\n', 'memory'],
    ['a process that was not let be', 'oom 0\noom_kill 0\n', 'max 3\n', 'processes'],
  ])('%s is read from its events', (_name, memory, pids, hit) => {
    const group = makeGroup('cgroup-v2', 'run', bounds, mount)
    put('run/memory.events', memory)
    put('run/pids.events', pids)
    put('run/cpu.stat', 'usage_usec 2500\nuser_usec 2000\n')
    put('run/memory.peak', '1048576\n')
    expect(group.use()).toEqual({ cpuMs: 2.5, peakMemoryBytes: 1 << 20, hit })
  })

  test('a kernel that keeps no peak says nothing about memory', () => {
    expect(makeGroup('cgroup-v2', 'run', bounds, mount).use()).toEqual({
      cpuMs: null,
      peakMemoryBytes: null,
      hit: null,
    })
  })
})

describe('version 1', () => {
  beforeEach(() => {
    for (const part of ['memory', 'pids', 'cpuacct']) put(`${part}/cgroup.procs`, '')
  })

  test('is found where memory and processes have trees of their own; each is a door', () => {
    expect(groupVersion(mount)).toBe('cgroup-v1')
    const group = makeGroup('cgroup-v1', 'run', bounds, mount)
    expect([read('memory/run/memory.limit_in_bytes'), read('pids/run/pids.max')]).toEqual(['67108864', '40'])
    expect(group.doors).toHaveLength(3)
    rmSync(join(mount, 'pids'), { recursive: true })
    expect(groupVersion(mount)).toBeNull()
  })
})

test('groups of runs whose owner is gone are removed by name, in every tree; others stay', async () => {
  for (const path of ['run', 'memory/run', 'pids/run', 'memory/other'])
    mkdirSync(join(mount, path), { recursive: true })
  await removeGroups(['run'], mount)
  expect(readdirSync(mount, { recursive: true }).sort()).toEqual(['memory', 'memory/other', 'pids'])
})
