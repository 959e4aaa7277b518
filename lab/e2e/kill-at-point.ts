import child_process from 'node:child_process'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { exit, kill, pid } from 'node:process'
import type { StatementSync as Statement } from 'node:sqlite'

/**
 * Loaded before the installed product by `--import`: kills the process with SIGKILL right before the call of one number among those that alter
 * something in the watched folders, and right before and after each commit of the record. `UPKEEP_KILL_AT` is that number; with none the
 * calls are written into the file `UPKEEP_KILL_LOG`, one a line, when the process ends.
 *
 * Of a process that serves, `UPKEEP_KILL_TOLD` names a file instead: as long as it is not there nothing is counted. `log` in it: each call
 * from now on is written beside it, one a line. A number: killed before the call of that number from now on. Each thread counts its own.
 */
const watched = JSON.parse(process.env.UPKEEP_KILL_IN ?? '[]') as readonly string[]
const at = Number(process.env.UPKEEP_KILL_AT ?? '-1')
const log = process.env.UPKEEP_KILL_LOG
/** Programs, by name, whose start is a point too. */
const starts = JSON.parse(process.env.UPKEEP_KILL_STARTS ?? '[]') as readonly string[]
const met: string[] = []
const open = new Map<number, string>()

const told = process.env.UPKEEP_KILL_TOLD
// As they are now: below, others are put in their place.
const { existsSync, readFileSync, appendFileSync } = fs

function point(call: string): void {
  if (told === undefined ? met.length === at : isTold(told, call)) end()
  if (told === undefined || existsSync(told)) met.push(call)
}

function isTold(file: string, call: string): boolean {
  const order = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (order === 'log') appendFileSync(`${file}.log`, `${call}\n`)
  return order === String(met.length)
}

function end(): void {
  kill(pid, 'SIGKILL')
  // The signal comes at once; nothing may follow it.
  exit(99)
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
// Small files of the state are written by calls that do not wait; only who is told when looks at those.
if (told !== undefined)
  for (const name of ['open', 'rename', 'unlink'])
    instead(name, (call) => (...args) => {
      const paths = args.filter(isWatched)
      if (paths.length > 0 && (name !== 'open' || opensForWriting(args[1]))) point(`${name} ${paths.join(' ')}`)
      return call(...args)
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
