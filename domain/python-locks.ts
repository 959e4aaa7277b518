import { parseToml } from './client-formats/parse-toml.ts'
import { at, isList } from './client-formats/tree.ts'
import { pythonName, pythonRequirement } from './python-names.ts'

/** A Python package that a lockfile names with its version. */
export interface LockedPackage {
  name: string
  version: string
}

/** What a lockfile says, and what of it says no version. */
export interface PythonLock {
  packages: LockedPackage[]
  problems: string[]
}

const maxPackages = 20_000
const maxName = 214
const versionForm = /^[A-Za-z0-9.!+_-]{1,100}$/

/** Packages of `uv.lock`. The project's own package and those from a folder are left out: their version is no published one. */
export function uvLock(text: string): PythonLock {
  const parsed = parseToml(text)
  if (parsed.state === 'refused') return { packages: [], problems: [`uv.lock: ${parsed.reason}`] }
  const list = at(parsed.tree, 'package')
  if (!isList(list)) return { packages: [], problems: ['uv.lock names no packages'] }
  const packages: LockedPackage[] = []
  for (const one of list.slice(0, maxPackages)) {
    const [name, version, registry] = [at(one, 'name'), at(one, 'version'), at(one, 'source', 'registry')]
    if (typeof name !== 'string' || typeof version !== 'string' || typeof registry !== 'string') continue
    if (isName(name) && versionForm.test(version)) packages.push({ name: pythonName(name), version })
  }
  const cut = list.length > maxPackages ? [`uv.lock names more than ${maxPackages} packages: cut there`] : []
  return { packages, problems: cut }
}

/** Packages of a `requirements.txt`: those that are pinned to one version. What it takes from elsewhere is not followed. */
export function requirementsTxt(text: string): PythonLock {
  const packages: LockedPackage[] = []
  const open = { unpinned: 0, elsewhere: 0 }
  for (const line of logicalLines(text)) {
    if (line.startsWith('-') || line.includes('://') || line.startsWith('.')) {
      // Options such as --hash or --index-url name nothing to install; -r, -c, -e and addresses do.
      if (/^(?:-[rce]\b|--requirement|--constraint|--editable)|^[^-]/.test(line)) open.elsewhere++
      continue
    }
    const wanted = pythonRequirement(line.split(' --')[0] ?? '')
    if (wanted?.pinned == null || !isName(wanted.name)) open.unpinned++
    else packages.push({ name: wanted.name, version: wanted.pinned })
  }
  const problems = [
    ...(open.unpinned === 0 ? [] : [`requirements.txt: ${open.unpinned} lines pin no version`]),
    ...(open.elsewhere === 0 ? [] : [`requirements.txt: ${open.elsewhere} lines lead elsewhere and are not followed`]),
  ]
  return { packages: packages.slice(0, maxPackages), problems }
}

/** Lines joined where a backslash ends them, without comments. */
function logicalLines(text: string): string[] {
  return text
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/, 50_000)
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
}

function isName(name: string): boolean {
  return name.length <= maxName && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)
}
