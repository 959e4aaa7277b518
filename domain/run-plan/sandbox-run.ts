import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import type { SandboxRun } from '@upkeep/contract/sandbox'
import { foldersAmong } from './plan-run.ts'

/** What of a run in the sandbox follows from its plan. Every path is one inside, and names nobody. */
export interface PlacedRun {
  argv: [string, ...string[]]
  searches: string[]
  env: Record<string, string>
  shows: { outside: string; inside: string }[]
  lays: { path: string; folder: true }[]
  /** Names of arguments and variables that hold a stand-in. */
  standIns: string[]
  /** What it sees of what is laid out, where its entry starts it behind walls. */
  confined: NonNullable<SandboxRun['confined']> | null
}

/**
 * Puts a planned run in its place inside: trees at `/srv/<n>`, folders among the arguments as empty ones at `/data/roots/<n>`. `args` take
 * the place of those declared.
 */
export function placeRun(plan: RunPlan, args?: readonly string[]): PlacedRun {
  const shows = plan.shows.map((outside, index) => ({ outside, inside: `/srv/${index}` }))
  const inside = (path: string) => insideOf(path, shows)
  const folders = plan.folders.map((path, index) => ({ path, place: `/data/roots/${index}` }))
  const own = args ?? plan.args.map(({ text }) => withFolder(text, folders))
  const file = inside(plan.file)
  const env = Object.fromEntries(Object.entries(plan.env).map(([name, { text }]) => [name, text]))
  return {
    argv: plan.runtime === 'none' ? [file, ...own] : [plan.runtime === 'node' ? 'node' : 'python3', file, ...own],
    searches: plan.searches ?? [],
    env: { ...env, ...pythonPath(plan, inside) },
    shows,
    lays: args === undefined ? folders.map(({ place }) => ({ path: place, folder: true })) : [],
    confined: plan.confined === undefined ? null : { folders: foldersSeen(plan.confined.access, own) },
    standIns: [
      ...plan.args.flatMap(({ standIn }, index) => (standIn && args === undefined ? [`argument ${index + 1}`] : [])),
      ...Object.entries(plan.env).flatMap(([name, { standIn }]) => (standIn ? [name] : [])),
    ],
  }
}

/**
 * Each folder among the arguments as its profile lets it be seen: a probe that names folders of its own has them in the places of those
 * that are declared, and one beyond them as the last.
 */
function foldersSeen(access: readonly ('none' | 'read' | 'write')[], own: readonly string[]) {
  const laid = foldersAmong(own).filter((path) => path.startsWith('/data/'))
  return laid.flatMap((path, index) => {
    const how = access[index] ?? access.at(-1) ?? 'none'
    return how === 'none' ? [] : [{ path, writable: how === 'write' }]
  })
}

function insideOf(path: string, shows: readonly { outside: string; inside: string }[]): string {
  const holder = shows.find(({ outside }) => path === outside || path.startsWith(`${outside}/`))
  return holder === undefined ? path : `${holder.inside}${path.slice(holder.outside.length)}`
}

function withFolder(text: string, folders: readonly { path: string; place: string }[]): string {
  const found = folders.find(({ path }) => text.replace(/\/+$/, '') === path || text.endsWith(`=${path}`))
  return found === undefined ? text : text.replace(found.path, () => found.place)
}

/** The interpreter is shown at a place that names nobody, apart from the environment that leads to it: so it is told where the packages are. */
function pythonPath({ packages }: RunPlan, inside: (path: string) => string): Record<string, string> {
  return packages === null ? {} : { PYTHONPATH: inside(packages) }
}
