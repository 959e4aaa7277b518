import { execFileSync } from 'node:child_process'
import { lstatSync, readFileSync, writeFileSync } from 'node:fs'
import { normalize, resolve } from 'node:path'
import type { Stands } from './guards.ts'

/** What the tools of the practice target work on. */
export interface Workplace {
  stands: Stands
  root: string
  sink: string
  environment: Readonly<Record<string, string>>
  /** Options that every answer inherits from: what a careless merge reaches. */
  defaults: Record<string, unknown>
  log(line: string): void
}

type Given = Readonly<Record<string, unknown>>
/** A tool with its arguments by type; `hidden` is not listed. */
export interface PracticeTool {
  name: string
  takes: Readonly<Record<string, 'string' | 'number'>>
  optional?: boolean
  hidden?: true
  run(given: Given): string | Promise<string>
}

const longest = 1_000
const callMs = 300

export function practiceTools(place: Workplace): PracticeTool[] {
  const { stands } = place
  return [
    { name: 'echo', takes: { message: 'string' }, run: ({ message }) => echoed(String(message), place) },
    {
      name: 'read_file',
      takes: { path: 'string' },
      run: ({ path }) => readFileSync(allowed(String(path), place), 'utf8'),
    },
    {
      name: 'write_file',
      takes: { path: 'string', content: 'string' },
      run: ({ path, content }) => written(String(path), String(content), place),
    },
    { name: 'look_up', takes: { name: 'string' }, run: ({ name }) => lookedUp(String(name), stands) },
    { name: 'fetch_page', takes: { url: 'string' }, run: ({ url }) => fetched(String(url), stands) },
    { name: 'show_environment', takes: {}, run: () => JSON.stringify(stands('environment') ? {} : place.environment) },
    {
      name: 'repeat_text',
      takes: { count: 'number' },
      run: ({ count }) => 'x'.repeat(Math.min(Number(count), stands('output-size') ? longest : 1_000_000)),
    },
    { name: 'wait', takes: { duration: 'number' }, run: ({ duration }) => waited(Number(duration), stands) },
    { name: 'set_option', takes: {}, run: (given) => merged(given, place) },
    { name: 'report', takes: {}, run: () => reported(place) },
    { name: 'debug', takes: {}, hidden: true, run: () => 'inner state' },
  ]
}

function echoed(message: string, { stands, log }: Workplace): string {
  log(`echo ${stands('log-redaction') ? message.replace(/Bearer \S+/g, 'Bearer •••') : message}`)
  return stands('control-characters') ? message.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '') : message
}

function allowed(path: string, { stands, root }: Workplace): string {
  if (stands('path-root') && !normalize(path).startsWith(`${root}/`)) throw new Error('that is outside of the folder')
  const decoded = stands('path-decoding') ? path : decodeURIComponent(path)
  if (stands('links') && lstatSync(decoded).isSymbolicLink()) throw new Error('links are not followed')
  return decoded
}

function written(path: string, content: string, { stands, root }: Workplace): string {
  if (stands('write-root') && !normalize(path).startsWith(`${root}/`)) throw new Error('that is outside of the folder')
  // Never relative to wherever this process stands.
  writeFileSync(resolve(root, path), content)
  return 'written'
}

function lookedUp(name: string, stands: Stands): string {
  if (stands('commands')) return execFileSync('echo', [name], { encoding: 'utf8' })
  return execFileSync('/bin/sh', ['-c', `echo ${name}`], { encoding: 'utf8' })
}

async function fetched(url: string, stands: Stands): Promise<string> {
  if (stands('outgoing-addresses')) throw new Error('that address is not on the list')
  return (await fetch(url)).text()
}

async function waited(seconds: number, stands: Stands): Promise<string> {
  const ms = seconds * 1_000
  await new Promise((wake) => setTimeout(wake, stands('call-time') ? Math.min(ms, callMs) : ms))
  if (stands('call-time') && ms > callMs) throw new Error('it took too long')
  return 'waited'
}

/** With the guard only own members of plain names are taken over. */
function merged(given: Given, { stands, defaults }: Workplace): string {
  merge(Object.create(defaults), given, stands('prototype'))
  return 'set'
}

function merge(into: Record<string, unknown>, from: Given, guarded: boolean): void {
  for (const [key, value] of Object.entries(from)) {
    if (guarded && key === '__proto__') continue
    if (typeof value !== 'object' || value === null) into[key] = value
    else if (key === '__proto__') merge(Object.getPrototypeOf(into), { ...value }, guarded)
    // The careless part: whatever an object inherits from is taken for its own.
    else merge(into, { ...value }, guarded)
  }
}

async function reported({ stands, sink }: Workplace): Promise<string> {
  if (!stands('own-connections')) await fetch(`${sink}/report`, { method: 'POST', body: 'used' })
  return 'reported'
}
