import child_process from 'node:child_process'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { exit, kill, pid } from 'node:process'
import type { StatementSync as Statement } from 'node:sqlite'

/**
 * Loaded before the installed product by `--import`: kills the process with SIGKILL right before the call of one number among those that alter
 * something in the watched folders, and right before and after each commit of the record. `UPKEEP_KILL_AT` is that number; with none the
 * calls are written into the file `UPKEEP_KILL_LOG`, one a line, when the process ends.
 */
const watched = JSON.parse(process.env.UPKEEP_KILL_IN ?? '[]') as readonly string[]
const at = Number(process.env.UPKEEP_KILL_AT ?? '-1')
const log = process.env.UPKEEP_KILL_LOG
/** Programs, by name, whose start is a point too. */
const starts = JSON.parse(process.env.UPKEEP_KILL_STARTS ?? '[]') as readonly string[]
const met: string[] = []
const open = new Map<number, string>()

function point(call: string): void {
  if (met.length === at) {
    kill(pid, 'SIGKILL')
    // The signal comes at once; nothing may follow it.
    exit(99)
  }
  met.push(call)
}

function isWatched(path: unknown): path is string {
  return typeof path === 'string' && watched.some((folder) => path === folder || path.startsWith(`${folder}/`))
}

type AnyCall = (...args: unknown[]) => unknown

/** Puts a call in the place of one of Node's. */
function instead(name: string, make: (original: AnyCall) => AnyCall): void {
  const original: unknown = Reflect.get(fs, name)
  if (typeof original !== 'function') throw new Error(`there is no ${name}`)
  Reflect.set(
    fs,
    name,
    make((...args) => Reflect.apply(original, fs, args)),
  )
}

const writes = fs.constants.O_WRONLY | fs.constants.O_RDWR | fs.constants.O_CREAT

function opensForWriting(flags: unknown): boolean {
  return typeof flags === 'number' ? (flags & writes) !== 0 : typeof flags === 'string' && flags !== 'r'
}

instead('openSync', (call) => (...args) => {
  const [path, flags] = args
  if (isWatched(path) && opensForWriting(flags)) point(`open ${path}`)
  const handle = call(...args)
  if (isWatched(path) && typeof handle === 'number') open.set(handle, path)
  return handle
})
instead('closeSync', (call) => (...args) => {
  open.delete(Number(args[0]))
  return call(...args)
})
for (const name of ['writeSync', 'fchmodSync', 'fchownSync', 'fsyncSync', 'ftruncateSync'])
  instead(name, (call) => (...args) => {
    const path = open.get(Number(args[0]))
    if (path !== undefined) point(`${name} ${path}`)
    return call(...args)
  })
for (const name of [
  'renameSync',
  'linkSync',
  'unlinkSync',
  'mkdirSync',
  'rmSync',
  'rmdirSync',
  'chmodSync',
  'symlinkSync',
])
  instead(name, (call) => (...args) => {
    const paths = args.filter(isWatched)
    if (paths.length > 0) point(`${name} ${paths.join(' ')}`)
    return call(...args)
  })
const spawnAsIs = child_process.spawn
Reflect.set(child_process, 'spawn', (...args: unknown[]) => {
  const [program, words] = args
  const name = String(program).split('/').at(-1) ?? ''
  if (starts.includes(name)) point(`start ${name} ${Array.isArray(words) ? words[0] : ''}`)
  return Reflect.apply(spawnAsIs, child_process, args)
})
syncBuiltinESMExports()

const { StatementSync } = process.getBuiltinModule('node:sqlite')
const { run } = StatementSync.prototype
StatementSync.prototype.run = function (this: Statement, ...args: unknown[]) {
  const commits = /^commit$/i.test(this.sourceSQL)
  if (commits) point('commit')
  const result = Reflect.apply(run, this, args)
  if (commits) point('committed')
  return result
}
process.on('exit', () => {
  if (log !== undefined) fs.writeFileSync(log, met.join('\n'))
})
