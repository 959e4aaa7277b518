import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { npxFolder } from '@upkeep/app/practice/installs'
import { treeDigest } from '@upkeep/app/practice/tree-digest'
import { runCommand } from './run-command.ts'

const quiet = ['--yes', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']

/** Digests of the installed trees by folder below the home, as they were when npm had made them: what a reset compares with. */
type KnownTrees = Record<string, string>

/**
 * Lets the real npx lay out each request in this npm cache, without starting anything, and installs server-memory beside it. Trees that
 * are as npm made them are kept; altered or missing ones are made again. Returns how many were made.
 */
export async function buildNpmTrees(
  home: string,
  requests: readonly string[],
  knownTreesPath: string,
  progress: (line: string) => void,
): Promise<number> {
  const known = readKnown(knownTreesPath)
  const cache = join(home, '.npm')
  let made = 0
  for (const request of requests) {
    const folder = npxFolder(cache, request)
    const args = ['exec', ...quiet, '--cache', cache, `--package=${request}`, '-c', 'true']
    made += await makeTree({ home, folder, label: request, args, runIn: home }, known, progress)
  }
  const memory = memoryFolder(home)
  const args = ['install', ...quiet, '--cache', cache, '@modelcontextprotocol/server-memory@2026.8.31']
  made += await makeTree({ home, folder: memory, label: 'server-memory', args, runIn: memory }, known, progress)
  writeFileSync(knownTreesPath, JSON.stringify(known, null, 2))
  return made
}

/** Where `memory` is installed the old way: a folder with node_modules. */
export function memoryFolder(home: string): string {
  return join(home, 'mcp-servers')
}

/** The script of the unpinned server-everything, in the npx folder of its own. */
export function everythingScript(home: string): string {
  const name = '@modelcontextprotocol/server-everything'
  return join(npxFolder(join(home, '.npm'), name), 'node_modules', ...name.split('/'), 'dist', 'index.js')
}

interface TreeRequest {
  home: string
  folder: string
  label: string
  args: readonly string[]
  runIn: string
}

async function makeTree(tree: TreeRequest, known: KnownTrees, progress: (line: string) => void): Promise<number> {
  const key = relative(tree.home, tree.folder)
  const nodeModules = join(tree.folder, 'node_modules')
  const digest = treeDigest(nodeModules)
  if (digest !== null && digest === known[key]) return 0
  progress(`npm ${tree.args[0]} ${tree.label}`)
  rmSync(tree.folder, { recursive: true, force: true })
  mkdirSync(tree.runIn, { recursive: true })
  if (tree.runIn === tree.folder) writeFileSync(join(tree.folder, 'package.json'), '{"private":true}\n')
  await runCommand('npm', tree.args, tree.runIn)
  const made = treeDigest(nodeModules)
  if (made === null) throw new Error(`npm laid out ${tree.label} somewhere else than ${tree.folder}`)
  known[key] = made
  return 1
}

function readKnown(path: string): KnownTrees {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return {}
  }
}
