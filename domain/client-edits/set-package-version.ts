import { analyseLaunch } from '../client-formats/launch.ts'
import { splitWords } from '../client-formats/launch-words.ts'
import { readImage, readNpmSpec, readPythonSpec } from '../client-formats/package-spec.ts'
import type { PlacedEntry } from '../client-formats/raw-entry.ts'
import type { TreePath } from '../client-formats/tree.ts'
import { confinementAmong } from '../confinement/confined-words.ts'
import { whereConfined } from './confine-entry.ts'
import { type EntryFile, type EntryName, editEntry, findEntry } from './entry-file.ts'
import { type Edited, isRefused, type RefusedEdit, refused } from './text-edit.ts'

/** The package or image that an entry starts, and the exact version, tag or digest (`sha256:…`, `tag@sha256:…`) that it shall have. */
export interface WantedVersion {
  name: string
  version: string
}

/** A text of the entry that holds a spec, and the text with the new one. */
interface Rewritten {
  path: TreePath
  from: string
  to: string
}

/** Sets the version that an entry asks its launcher for, wherever in the command line that stands. */
export function setPackageVersion(file: EntryFile, name: EntryName, wanted: WantedVersion): Edited {
  const found = findEntry(file, name)
  if (isRefused(found)) return found
  if (confinementAmong(found.entry.args) !== null) return refused('not-expressible', whereConfined)
  const rewritten = rewrite(found.entry, wanted)
  if (isRefused(rewritten)) return rewritten
  const edits = [{ kind: 'set' as const, path: rewritten.path, value: rewritten.to }]
  return editEntry(file, name, edits, (entry) => isAsked(entry, found.entry, wanted))
}

function rewrite(entry: PlacedEntry, wanted: WantedVersion): Rewritten | RefusedEdit {
  const respec = respecFor(entry, wanted)
  if (isRefused(respec)) return respec
  const words = markedArguments(entry).flatMap((each) => respecified(each, respec))
  const all = words.length > 0 ? words : wholeLines(entry).flatMap((line) => inLine(line, respec))
  const [only, ...others] = all
  if (only === undefined)
    return refused('no-such-path', 'the command line does not name that package in a form that is edited')
  return others.length > 0 ? refused('ambiguous', 'the command line names that package more than once') : only
}

type Respec = (spec: string, isPositional: boolean) => string | null

/** How a spec of that package is written anew, by the launcher that the entry uses. */
function respecFor(entry: PlacedEntry, { name, version }: WantedVersion): Respec | RefusedEdit {
  const { launch } = analyseLaunch(entry.command ?? '', entry.args)
  if (launch.via === 'docker' || launch.via === 'podman') {
    return imageVersion.test(version) ? (spec) => respecImage(spec, name, version) : badVersion
  }
  if (!('ecosystem' in launch)) return refused('no-such-path', 'the entry fetches no package')
  if (!packageVersion.test(version)) return badVersion
  if (launch.ecosystem === 'npm') return (spec) => respecNpm(spec, name, version)
  return (spec, isPositional) => respecPython(spec, name, version, isPositional && launch.via === 'uvx')
}

const packageVersion = /^[0-9A-Za-z][0-9A-Za-z.+!_-]{0,100}$/
const imageVersion = /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:(?:^|@)sha256:[0-9a-f]{64})?$/
const badVersion = refused('not-expressible', 'the version is in no form that its launcher takes')

function respecNpm(spec: string, name: string, version: string): string | null {
  const request = readNpmSpec(spec)
  if (request?.name !== name || isSource(request.requested)) return null
  const alias = /^(.{1,300}?@npm:)/.exec(spec)?.[1] ?? ''
  return `${alias}${name}@${version}`
}

function respecPython(spec: string, name: string, version: string, isPositional: boolean): string | null {
  const request = readPythonSpec(spec)
  if (request === null || plainName(request.name) !== plainName(name) || isSource(request.requested)) return null
  const head = /^[A-Za-z0-9._-]{1,200}(?:\[[^\]]{0,200}\])?/.exec(spec)?.[0] ?? request.name
  const isAt = spec.slice(head.length).trimStart().startsWith('@')
  return `${head}${isAt || (isPositional && head === spec) ? '@' : '=='}${version}`
}

/** Python's names are the same with any of these signs, in any case. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_.]{1,20}/g, '-')
}

function isSource(requested: string | null): boolean {
  return requested !== null && /[:/]/.test(requested)
}

function respecImage(spec: string, name: string, version: string): string | null {
  if (readImage(spec)?.image !== name) return null
  return `${name}${version.startsWith('sha256:') ? '@' : ':'}${version}`
}

/** A text that may hold a spec, with the word before it. */
interface Spot {
  path: TreePath
  text: string
  former: string
}

/** The arguments that hold a spec, as their launcher reads them; `--package=` stands before some. */
function markedArguments({ args, command, places }: PlacedEntry): readonly Spot[] {
  const { roles } = analyseLaunch(command ?? '', args)
  return [...roles].flatMap(([index, role]) => {
    const text = args[index]
    const isSpec = role === 'package' || role === 'image'
    return isSpec && text !== undefined ? [{ path: [...places.args, index], text, former: args[index - 1] ?? '' }] : []
  })
}

function respecified({ path, text, former }: Spot, respec: Respec): Rewritten[] {
  const flag = /^--?[A-Za-z-]{1,30}=/.exec(text)?.[0] ?? ''
  const isPositional = flag === '' && !/^(?:--from|--spec|--with|-w|-p|--package)$/.test(former)
  const spec = respec(text.slice(flag.length), isPositional)
  return spec === null ? [] : [{ path, from: text, to: flag + spec }]
}

/** Texts that hold a whole command line: the command, or what a shell is given. */
function wholeLines({ args, command, places }: PlacedEntry): readonly Omit<Spot, 'former'>[] {
  const texts: Omit<Spot, 'former'>[] = [
    { path: places.command, text: command ?? '' },
    ...args.map((text, index) => ({ path: [...places.args, index], text })),
  ]
  return texts.filter(({ text }) => /\s/.test(text) && text.length <= 10_000)
}

function inLine({ path, text }: Omit<Spot, 'former'>, respec: Respec): Rewritten[] {
  const words = splitWords(text).map((word) => word.text)
  return words.flatMap((word, index) => {
    const [only] = respecified({ path, text: word, former: words[index - 1] ?? '' }, respec)
    const at = text.indexOf(word)
    // A word that stands in quotes, or twice, is not plainly the one that is meant.
    const isPlain = at >= 0 && text.indexOf(word, at + 1) < 0
    if (only === undefined || !isPlain) return []
    return [{ path, from: text, to: text.slice(0, at) + only.to + text.slice(at + word.length) }]
  })
}

/** Whether the launcher, read anew, is the same and asks for that version. */
function isAsked(entry: PlacedEntry, former: PlacedEntry, { name, version }: WantedVersion): boolean {
  const { launch } = analyseLaunch(entry.command ?? '', entry.args)
  if (launch.via !== analyseLaunch(former.command ?? '', former.args).launch.via) return false
  if (launch.via === 'docker' || launch.via === 'podman') {
    const asked = [launch.tag, launch.digest].filter((part) => part !== null).join('@')
    return launch.image === name && asked === version
  }
  if (!('ecosystem' in launch)) return false
  return launch.packages.some((text) => {
    const python = launch.ecosystem === 'PyPI'
    const request = python ? readPythonSpec(text) : readNpmSpec(text)
    const isName = request !== null && (python ? plainName(request.name) === plainName(name) : request.name === name)
    return isName && request.requested?.replace(/^==/, '') === version
  })
}
