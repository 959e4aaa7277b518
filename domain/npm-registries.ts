/** Where packages are asked for: the registry in use, and those of scopes that have one of their own. Addresses may carry a login. */
export interface NpmRegistries {
  registryUrl: string
  registryScopes?: Readonly<Record<string, string>> | undefined
}

const publicRegistry = 'https://registry.npmjs.org'
const scopeKey = /^(@[a-z0-9~_-][a-z0-9._~-]{0,200}):registry$/

/** Reads settings as npm has them, each source before the next: `registry` and `@scope:registry`. What is no address counts as not said. */
export function registriesIn(sources: readonly ReadonlyMap<string, string>[]): NpmRegistries {
  const said = new Map(sources.toReversed().flatMap((source) => [...source].filter(([, value]) => isAddress(value))))
  const scopes = [...said].flatMap(([key, value]) => {
    const scope = scopeKey.exec(key)?.[1]
    return scope === undefined ? [] : [[scope, value] as const]
  })
  return { registryUrl: said.get('registry') ?? publicRegistry, registryScopes: Object.fromEntries(scopes) }
}

/** The registry that npm would ask for a package. */
export function registryFor({ registryUrl, registryScopes = {} }: NpmRegistries, name: string): string {
  const scope = name.startsWith('@') ? (name.split('/')[0] ?? '') : ''
  return Object.hasOwn(registryScopes, scope) ? (registryScopes[scope] ?? registryUrl) : registryUrl
}

function isAddress(value: string): boolean {
  return value.length <= 2_000 && /^https?:\/\/[^\s/?#]+(?:[/?#]\S*)?$/i.test(value)
}
