import { readNpmrc } from '@upkeep/domain/npmrc'
import { isAbsolute, isFolder, namesIn, noteBlocked, type Search, startFolder, upwards, variable } from './search.ts'

/** Where npm keeps things for one entry. */
export interface NpmLocations {
  /** The cache; npx's folders lie in `_npx` below it. */
  cache: string
  /** Prefixes of global installs: one when it is configured, else every usual one that exists. */
  prefixes: readonly GlobalPrefix[]
}

export interface GlobalPrefix {
  nodeModules: string
  bin: string
  /** True when an npm that has this prefix may be the one that starts: it is configured, or an npm is installed there. */
  active: boolean
}

const maxRcBytes = 256 << 10
const maxVersions = 100

/** Reads the environment and the .npmrc files in npm's own order: environment, project, user, default. */
export function npmLocations(search: Search): NpmLocations {
  const userRc = variable(search, 'npm_config_userconfig') ?? `${search.place.home}/.npmrc`
  const settings = { ...npmrc(search, userRc), ...npmrc(search, `${projectFolder(search)}/.npmrc`) }
  const cache = variable(search, 'npm_config_cache') ?? settings.cache ?? defaultCache(search)
  // npm ignores a prefix in a project's .npmrc, so only the user's own counts.
  const prefix = variable(search, 'npm_config_prefix') ?? npmrc(search, userRc).prefix ?? null
  return { cache, prefixes: prefix === null ? usualPrefixes(search) : [globalPrefix(search, prefix, true)] }
}

/** The folder that npm takes as the project: the nearest one upwards with a package.json or node_modules, else where it starts. */
export function projectFolder(search: Search): string {
  const start = startFolder(search).path
  const found = upwards(start).find(
    (folder) =>
      search.files.inspect(`${folder}/package.json`).state === 'present' || isFolder(search, `${folder}/node_modules`),
  )
  return found ?? start
}

function defaultCache(search: Search): string {
  const { home, platform } = search.place
  if (platform !== 'win32') return `${home}/.npm`
  return `${variable(search, 'LOCALAPPDATA') ?? `${home}/AppData/Local`}/npm-cache`
}

function npmrc(search: Search, path: string): { cache?: string; prefix?: string } {
  const read = search.files.read(path, maxRcBytes)
  if (read.state !== 'present') {
    noteBlocked(search, path, read)
    return {}
  }
  const { home } = search.place
  const said = readNpmrc(new TextDecoder().decode(read.bytes), (name) =>
    name === 'HOME' ? home : variable(search, name),
  )
  const [cache, prefix] = [placeIn(said.get('cache'), home), placeIn(said.get('prefix'), home)]
  return { ...(cache === null ? {} : { cache }), ...(prefix === null ? {} : { prefix }) }
}

/** `~/` as npm expands it; null for what names no place. */
function placeIn(text: string | undefined, home: string): string | null {
  const path = (text ?? '').replace(/^~(?=$|[\\/])/, () => home)
  return isAbsolute(path) ? path.replace(/[\\/]+$/, '') : null
}

function usualPrefixes(search: Search): GlobalPrefix[] {
  const { home, platform, machine } = search.place
  const nvm = variable(search, 'NVM_DIR') ?? `${home}/.nvm`
  const volta = variable(search, 'VOLTA_HOME') ?? `${home}/.volta`
  const fnm = variable(search, 'FNM_DIR') ?? `${home}/.local/share/fnm`
  const appData = variable(search, 'APPDATA') ?? `${home}/AppData/Roaming`
  const ofHome = platform === 'win32' ? [`${appData}/npm`] : [`${home}/.npm-global`, `${home}/.local`, `${home}/n`]
  const ofMachine = platform === 'win32' ? [] : ['/usr/local', '/usr', '/opt/homebrew']
  const candidates = [
    ...ofHome,
    ...below(search, `${nvm}/versions/node`, ''),
    ...below(search, `${fnm}/node-versions`, '/installation'),
    ...below(search, `${home}/Library/Application Support/fnm/node-versions`, '/installation'),
    ...below(search, `${home}/.asdf/installs/nodejs`, ''),
    ...below(search, `${volta}/tools/image/node`, ''),
    ...below(search, `${volta}/tools/image/packages`, ''),
    ...(machine ? ofMachine : []),
  ]
  return candidates
    .map((prefix) => globalPrefix(search, prefix, false))
    .filter((prefix) => isFolder(search, prefix.nodeModules))
}

function below(search: Search, folder: string, then: string): string[] {
  return namesIn(search, folder, maxVersions).map((name) => `${folder}/${name}${then}`)
}

function globalPrefix(search: Search, prefix: string, configured: boolean): GlobalPrefix {
  const windows = search.place.platform === 'win32'
  const nodeModules = windows ? `${prefix}/node_modules` : `${prefix}/lib/node_modules`
  return {
    nodeModules,
    bin: windows ? prefix : `${prefix}/bin`,
    active: configured || isFolder(search, `${nodeModules}/npm`),
  }
}
