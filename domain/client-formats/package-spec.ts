import { validRange as isPythonRange, valid as isPythonVersion } from '@renovatebot/pep440'
import semver from 'semver'
import { isPath, isScriptName, isUnsuspicious } from '../redaction/plain-shapes.ts'
import { safeUrl } from '../redaction/safe-url.ts'

/** What a launcher was asked to install and start. `requested` is as written; null when nothing but a name was. */
export interface PackageRequest {
  name: string
  requested: string | null
  /** True when only one version can satisfy the request. */
  pinned: boolean
}

const npmName = /^(?:@[a-z0-9~_-][a-z0-9._~-]{0,100}\/)?[a-z0-9~_-][a-z0-9._~-]{0,200}$/i
const pythonName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/
const versionText = /^[A-Za-z0-9.^~<>=!|*,+ _-]{1,100}$/

/** Reads an npm package spec: name, range, tag, alias, or a source (git, URL, file). Null when it is none, or may hold a secret. */
export function readNpmSpec(spec: string): PackageRequest | null {
  const source = sourceText(spec)
  if (source !== null) return { name: source, requested: source, pinned: false }
  const at = spec.indexOf('@', 1)
  const name = at < 0 ? spec : spec.slice(0, at)
  const wanted = at < 0 ? '' : spec.slice(at + 1)
  if (!npmName.test(name) || !isUnsuspicious(name, 12)) return null
  if (wanted === '') return { name, requested: null, pinned: false }
  if (wanted.startsWith('npm:')) return readNpmSpec(wanted.slice(4))
  const wantedSource = sourceText(wanted)
  if (wantedSource !== null) return { name, requested: wantedSource, pinned: false }
  if (!isVersionText(wanted)) return null
  return { name, requested: wanted, pinned: semver.valid(wanted.replace(/^=/, '')) !== null }
}

/** Reads a Python requirement as uvx and pipx take it: `name`, `name@1.2`, `name[extra]==1.2`, `name @ git+https://…`. */
export function readPythonSpec(spec: string): PackageRequest | null {
  const source = sourceText(spec)
  if (source !== null) return { name: source, requested: source, pinned: false }
  const parts = /^([A-Za-z0-9._-]{1,200})(?:\[[A-Za-z0-9._, -]{0,200}\])?\s{0,5}([@=<>!~][\s\S]{0,500})?$/.exec(spec)
  const name = parts?.[1]
  if (name === undefined || !pythonName.test(name) || !isUnsuspicious(name, 12)) return null
  const wanted = parts?.[2]
  if (wanted === undefined) return { name, requested: null, pinned: false }
  if (wanted.startsWith('@')) return atRequest(name, wanted.slice(1).trim())
  if (!isVersionText(wanted)) return null
  const exact = /^={2,3}\s{0,5}([^=*,\s]{1,100})$/.exec(wanted)?.[1]
  return { name, requested: wanted, pinned: exact !== undefined && isPythonVersion(exact) !== null }
}

function atRequest(name: string, wanted: string): PackageRequest | null {
  const source = sourceText(wanted)
  if (source !== null) return { name, requested: source, pinned: false }
  if (!isVersionText(wanted)) return null
  return { name, requested: wanted, pinned: isPythonVersion(wanted) !== null }
}

/** A version or range may hold a build's digest; a tag is a word. */
function isVersionText(text: string): boolean {
  const isVersion = semver.validRange(text) !== null || isPythonRange(text) || isPythonVersion(text) !== null
  return versionText.test(text) && isUnsuspicious(text, isVersion ? 32 : 12)
}

/** A git, URL or file source in the form in which it may be shown; null when the spec is no source. */
function sourceText(spec: string): string | null {
  if (/^git\+[a-z]{2,6}:\/\//i.test(spec)) return gitSource(spec)
  if (/^[A-Za-z][A-Za-z0-9+.-]{0,30}:\/\//.test(spec)) return safeUrl(spec, [], () => '').url
  const prefixed = /^(file|github|gitlab|bitbucket|gist|git\+file|link):([\s\S]{1,500})$/.exec(spec)
  if (prefixed !== null) return shownSource(prefixed[1] ?? '', prefixed[2] ?? '')
  if (/^git@[A-Za-z0-9.-]{1,100}:/.test(spec)) return shownSource('git', spec.slice(4))
  if (isPath(spec) || /^[A-Za-z0-9_@][A-Za-z0-9_@./\\-]{0,200}\.(?:tgz|tar\.gz|whl)$/.test(spec)) {
    return isUnsuspicious(spec) ? spec : 'file:***'
  }
  if (/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}(?:#[A-Za-z0-9_./-]{1,100})?$/.test(spec)) {
    return shownSource('github', spec)
  }
  return null
}

/** pip and uv take a branch, tag or commit behind the last `@` of the path, which is no part of it. */
function gitSource(spec: string): string | null {
  const [, address = spec, ref = ''] = /^(.{1,2000}\/[^/@]{1,200})@([^/@?#]{1,100})$/.exec(spec) ?? []
  const { url } = safeUrl(address, [], () => '')
  const isShown = /^[A-Za-z0-9._-]{1,64}$/.test(ref) && (/^[0-9a-f]{40}$/.test(ref) || isVersionText(ref))
  return url === null || ref === '' ? url : `${url}@${isShown ? ref : '***'}`
}

function shownSource(kind: string, rest: string): string {
  const path = rest.split('#')[0] ?? ''
  const isShown = /^[A-Za-z0-9_.:@~/\\-]{1,300}$/.test(path) && isUnsuspicious(path)
  return `${kind}:${isShown ? path : '***'}`
}

/** A script's path, name or URL in the form in which it may be shown; null when it may not. */
export function shownScript(text: string): string | null {
  if (isPath(text) || isScriptName(text)) return text
  if (/^[A-Za-z][A-Za-z0-9+.-]{0,30}:\/\//.test(text)) return safeUrl(text, [], () => '').url
  const registry = /^(npm|jsr):(\S{1,300})$/.exec(text)
  const request = registry === null ? null : readNpmSpec(registry[2] ?? '')
  if (registry === null || request === null) return null
  return `${registry[1]}:${request.name}${request.requested === null ? '' : `@${request.requested}`}`
}

/** A container image reference, taken apart. Null when it is none, or may hold a secret. */
export function readImage(text: string): { image: string; tag: string | null; digest: string | null } | null {
  const parts =
    /^([A-Za-z0-9][A-Za-z0-9._-]{0,200}(?::\d{1,5}(?=\/))?(?:\/[a-z0-9][a-z0-9._-]{0,200}){0,10})(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(
      text,
    )
  const image = parts?.[1]
  if (image === undefined || !isUnsuspicious(image, 16) || !isUnsuspicious(parts?.[2] ?? '', 48)) return null
  return { image, tag: parts?.[2] ?? null, digest: parts?.[3] ?? null }
}

/** Whether a spec may be shown just as it is written. */
export function isShownSpec(spec: string): boolean {
  const request = readNpmSpec(spec) ?? readPythonSpec(spec)
  if (request === null) return false
  if (spec === request.requested || spec.endsWith(`@${request.requested}`)) return true
  return /^[A-Za-z0-9@/._~^<>=|*, +![\]-]{1,300}$/.test(spec) && isUnsuspicious(spec, 24)
}
