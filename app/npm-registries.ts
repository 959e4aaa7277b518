import { join } from 'node:path'
import { type NpmRegistries, registriesIn } from '@upkeep/domain/npm-registries'
import { readNpmrc } from '@upkeep/domain/npmrc'
import { readBounded } from '@upkeep/engine/ports/files-read'
import type { Machine } from './operations/context.ts'

const maxRcBytes = 256 << 10
const variable = /^npm_config_(registry|@[^:]{1,200}:registry)$/i

/**
 * The registries that this user's npm asks: the environment, then the user's own `.npmrc`. A project's file does not count: whoever can
 * write to a repository must not choose who is asked.
 */
export function npmRegistries({ env, home }: Pick<Machine, 'env' | 'home'>): NpmRegistries {
  const said = Object.entries(env).flatMap(([name, value]) => {
    const key = variable.exec(name)?.[1]
    return key === undefined || value === undefined ? [] : [[key, value] as const]
  })
  const read = readBounded(env.npm_config_userconfig ?? join(home, '.npmrc'), maxRcBytes)
  const file = read.state === 'present' ? new TextDecoder().decode(read.bytes) : ''
  return registriesIn([new Map(said), readNpmrc(file, (name) => env[name] ?? null)])
}

/** The same as variables, for a product that is composed for a home in which nothing is set. */
export function asVariables({ registryUrl, registryScopes = {} }: NpmRegistries): Record<string, string> {
  const scopes = Object.entries(registryScopes).map(([scope, url]) => [`npm_config_${scope}:registry`, url])
  return { npm_config_registry: registryUrl, ...Object.fromEntries(scopes) }
}
