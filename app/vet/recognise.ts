import { pythonName } from '@upkeep/domain/python-names'
import { bundleCandidate } from './bundle-candidate.ts'
import type { Candidate } from './candidate.ts'
import { isSameVersion } from './index-page.ts'
import { npmCandidate } from './npm-candidate.ts'
import type { Expected } from './obtained.ts'
import { isNamedAsSource, sourceCandidate, wheelCandidate } from './python-candidate.ts'
import type { Unpacked, UnpackedFile } from './unpack.ts'

/**
 * Recognises an npm tarball, a wheel, a source archive or an MCP bundle by what lies in it; a text says why it is none, or why it is not
 * what was asked for.
 */
export function recognise(unpacked: Unpacked, expected: Expected | null): Candidate | string {
  const candidate = unpacked.form === 'tar' ? ofTar(unpacked.files, expected) : ofZip(unpacked.files)
  if (typeof candidate === 'string' || expected === null || isAsAsked(candidate, expected)) return candidate
  const { kind, name, version } = candidate
  return `${expected.name} ${expected.version} was asked for, but what lies there calls itself ${name} ${version}, ${kind}`
}

function ofZip(files: readonly UnpackedFile[]): Candidate | string {
  const manifest = files.find((file) => file.path === 'manifest.json')
  return manifest === undefined ? wheelCandidate(files) : bundleCandidate(files, manifest)
}

/** An archive can be made to be both: then what was asked decides, else the name of its folder, and it is said. */
function ofTar(files: readonly UnpackedFile[], expected: Expected | null): Candidate | string {
  const npm = expected?.ecosystem === 'PyPI' ? null : npmCandidate(files)
  const source = expected?.ecosystem === 'npm' ? null : sourceCandidate(files)
  if (npm === null || source === null)
    return npm ?? source ?? 'it has no package.json and no PKG-INFO with a name and a version, so it is no package'
  const chosen = isNamedAsSource(files, source) ? source : npm
  const other = chosen === npm ? source.kind : npm.kind
  return { ...chosen, notes: [...chosen.notes, `it could be taken for another kind as well: ${other}`] }
}

function isAsAsked({ kind, name, version }: Candidate, expected: Expected): boolean {
  if (expected.ecosystem === 'npm')
    return kind === 'npm package' && name === expected.name && version === expected.version
  const isPython = kind === 'Python wheel' || kind === 'Python source archive'
  return isPython && pythonName(name) === pythonName(expected.name) && isSameVersion(version, expected.version)
}
