import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { Installation, ResolvedPackage } from '@upkeep/contract/observations/resolved-package'
import type { FilesPort } from '@upkeep/contract/ports'
import type { StartFile } from '@upkeep/domain/run-plan/plan-run'
import { z } from 'zod'

const Manifest = z.object({ name: z.string().optional(), bin: z.union([z.string(), z.record(z.string(), z.string())]) })
const maxManifestBytes = 1 << 20

/** The file of an installed copy that its launcher would start; a text says why it cannot be told. */
export function startFile(
  files: FilesPort,
  server: DeclaredServer,
  { name }: ResolvedPackage,
  copy: Installation,
): StartFile | string {
  const { launch } = server
  if (copy.where === 'image') return 'it runs in a container: images are not run in the sandbox yet'
  if (copy.where === 'uv-cache' || copy.where === 'pipx' || copy.where === 'uv-tool')
    return consoleScript(files, copy, name)
  if (launch.via === 'node' && launch.script !== null) return scriptOf(files, server, launch.script, copy, 'node')
  if (launch.via === 'python' && launch.script !== null) return scriptOf(files, server, launch.script, copy, 'python')
  if (launch.via === 'binary') return programOf(files, launch.file)
  if (launch.via === 'bun' || launch.via === 'deno') return `${launch.via} is not run in the sandbox yet`
  if (copy.cacheKey !== null || copy.where === 'global' || copy.where === 'local' || copy.where === 'pnpm-dlx')
    return binOf(files, copy, name)
  return 'which file its launcher would start is not known'
}

/** npm starts the only program of a package, else the one that is called like it. */
function binOf(files: FilesPort, copy: Installation, name: string): StartFile | string {
  const component = copy.components.find((one) => one.name === name)
  const folder = component === undefined ? copy.root : absolute(copy.root, component.path)
  const read = files.read(`${folder}/package.json`, maxManifestBytes)
  if (read.state !== 'present') return 'its package.json cannot be read'
  const manifest = manifestIn(read.bytes)
  const short = name.split('/').at(-1) ?? name
  const named = typeof manifest?.bin === 'string' ? { [short]: manifest.bin } : (manifest?.bin ?? {})
  const only = Object.keys(named).length === 1 ? Object.values(named)[0] : undefined
  const relative = only ?? named[short]
  if (relative === undefined) return 'its package.json names no program that stands for it'
  const file = files.resolve(`${folder}/${relative}`)
  if (file.state !== 'present') return 'the program that its package.json names is not there'
  if (!file.path.startsWith(`${folder}/`)) return 'the program that its package.json names lies outside of it'
  return { runtime: 'node', file: file.path, packages: null, shows: [copy.root] }
}

function manifestIn(bytes: Uint8Array): z.infer<typeof Manifest> | null {
  try {
    return Manifest.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return null
  }
}

function scriptOf(
  files: FilesPort,
  server: DeclaredServer,
  script: string,
  copy: Installation,
  runtime: 'node' | 'python',
): StartFile | string {
  const from = server.cwd ?? server.project
  if (!script.startsWith('/') && from === null) return 'its script is named relative to a folder that is not known'
  const file = files.resolve(script.startsWith('/') ? script : `${from}/${script}`)
  if (file.state !== 'present') return 'its script is not there'
  const packages = runtime === 'python' ? sitePackages(copy) : null
  const searches = runtime === 'python' ? ownPython(files, packages) : folderNamed(server)
  return { runtime, file: file.path, packages, searches, shows: shownFor(copy.root, file.path) }
}

/** The tree, and the script's own folder where it lies outside of it. */
function shownFor(root: string, file: string): string[] {
  const folder = file.slice(0, file.lastIndexOf('/')) || '/'
  return folder === root || folder.startsWith(`${root}/`) ? [root] : [root, folder]
}

function programOf(files: FilesPort, named: string): StartFile | string {
  const file = files.resolve(named)
  if (file.state !== 'present') return 'the program is not there'
  return { runtime: 'none', file: file.path, packages: null, shows: [file.path] }
}

/** The script that pip or uv put into an environment. */
function consoleScript(files: FilesPort, copy: Installation, name: string): StartFile | string {
  const file = `${copy.root}/bin/${name}`
  if (files.inspect(file).state !== 'present') return 'its environment has no program of its name'
  const packages = sitePackages(copy)
  if (packages === null) return 'where its packages lie is not known'
  return { runtime: 'python', file, packages, searches: ownPython(files, packages), shows: [copy.root] }
}

/** The folder of the interpreter that an environment was made with, or leads to. */
function ownPython(files: FilesPort, packages: string | null): string[] {
  const root = /^(.*)\/lib(?:64)?\/python3[^/]*\/site-packages$/.exec(packages ?? '')?.[1]
  return root !== undefined && files.inspect(`${root}/bin/python3`).state === 'present' ? [`${root}/bin`] : []
}

/** An entry that names its Node.js by a path means that one. */
function folderNamed({ command }: DeclaredServer): string[] {
  const named = command?.kind === 'plain' ? /^(\/.+)\/node$/.exec(command.text)?.[1] : undefined
  return named === undefined ? [] : [named]
}

/** Where the packages of an environment lie, as its components say. */
function sitePackages({ root, components }: Installation): string | null {
  for (const { path } of components) {
    const folder = /^(?:.*\/)?site-packages(?=\/)/.exec(path)?.[0]
    if (folder !== undefined) return absolute(root, folder)
  }
  return null
}

function absolute(root: string, path: string): string {
  if (path === '.' || path === '') return root
  return path.startsWith('/') ? path : `${root}/${path}`
}
