import { lstatSync, readdirSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { type Place, type UpkeepFile, UserError } from '@upkeep/contract'

/** The variables that say where clients and launchers keep their files. Nothing else of the environment is handed on. */
const telling = [
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_CACHE_HOME',
  'APPDATA',
  'LOCALAPPDATA',
  'PROGRAMDATA',
  'CODEX_HOME',
  'CLAUDE_CONFIG_DIR',
  'npm_config_cache',
  'npm_config_prefix',
  'npm_config_userconfig',
  'NPM_CONFIG_CACHE',
  'NPM_CONFIG_PREFIX',
  'NPM_CONFIG_USERCONFIG',
  'UV_TOOL_DIR',
  'UV_CACHE_DIR',
  'PIPX_HOME',
  'NVM_DIR',
  'VOLTA_HOME',
  'FNM_DIR',
  'PNPM_HOME',
  'BUN_INSTALL',
] as const

/** What of the process decides which places are looked at. */
export interface PlaceInput {
  home: string
  platform: string
  env: Readonly<Record<string, string | undefined>>
  cwd: string
  uid: number | null
  upkeepFile: UpkeepFile
  upkeepFilePath: string | null
}

/** This machine: the home of whoever runs it, the folder they stand in, and the projects that `upkeep.yaml` names. */
export function thisMachine(input: PlaceInput): Place {
  const base = input.upkeepFilePath === null ? input.cwd : dirname(input.upkeepFilePath)
  const projects = input.upkeepFile.projects.map((project) => (isAbsolute(project) ? project : resolve(base, project)))
  return {
    id: input.home,
    home: input.home,
    platform: knownPlatform(input.platform),
    env: tellingVariables(input.env),
    projects: [...new Set([input.cwd, ...projects])],
    machine: true,
    upkeepFile: input.upkeepFilePath,
    uid: input.uid,
  }
}

/** A project alone, as a pipeline checks it out: nobody's home is looked at. A home must be named, so it is one that is not there. */
export function projectAlone(project: string, platform: string): Place {
  const facts = statSync(project, { throwIfNoEntry: false })
  if (facts === undefined || !facts.isDirectory())
    throw new UserError(
      'not-found',
      'The project is not a folder that can be read.',
      'Name one: upkeep scan --project .',
    )
  return {
    id: project,
    home: join(project, '.upkeep-no-home'),
    platform: knownPlatform(platform),
    env: {},
    projects: [project],
    machine: false,
    upkeepFile: null,
    uid: facts.uid,
  }
}

/** Every folder in `folder` as somebody's home. Links are left out: a home is looked at once, where it is. */
export function homesIn(folder: string, platform: string): Place[] {
  const names = listed(folder)
  return names
    .map((name) => join(folder, name))
    .filter((home) => lstatSync(home, { throwIfNoEntry: false })?.isDirectory() === true)
    .map((home) => homeAt(home, platform))
}

/** One folder as somebody's home. */
export function homeAt(home: string, platform: string): Place {
  return {
    id: home,
    home,
    platform: knownPlatform(platform),
    env: {},
    projects: [home],
    machine: false,
    upkeepFile: null,
    uid: statSync(home, { throwIfNoEntry: false })?.uid ?? null,
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new UserError(
      'not-found',
      `The folder of homes cannot be read (${code}).`,
      'Name a folder that holds one folder per home: upkeep scan --homes <folder>.',
    )
  }
}

function knownPlatform(platform: string): Place['platform'] {
  return platform === 'darwin' || platform === 'win32' ? platform : 'linux'
}

function tellingVariables(env: PlaceInput['env']): Record<string, string> {
  const told: Record<string, string> = {}
  for (const name of telling) {
    const value = env[name]
    if (value !== undefined && value !== '') told[name] = value
  }
  return told
}
