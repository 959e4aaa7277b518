import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { compareMaps, compareShown, type Difference, nothing, shown } from './difference.ts'

/**
 * How two declarations of a server differ in meaning. Both are in normal form already: order of keys, white space and comments never
 * reach this place. The order of arguments is meaning.
 */
export function compareDeclared(was: DeclaredServer, is: DeclaredServer): Difference[] {
  return [...compareStart(was, is), ...compareSurroundings(was, is), ...compareSettings(was, is)]
}

function compareStart(was: DeclaredServer, is: DeclaredServer): Difference[] {
  const differences = [
    ...compareShown('start', 'transport', was.transport, is.transport),
    ...compareShown('start', 'command', shown(was.command), shown(is.command)),
    ...compareShown('start', 'url', was.url ?? nothing, is.url ?? nothing),
    ...compareShown('start', 'cwd', was.cwd ?? nothing, is.cwd ?? nothing),
  ]
  for (let at = 0; at < Math.max(was.args.length, is.args.length); at += 1) {
    differences.push(...compareShown('start', `args[${at}]`, shown(was.args[at]), shown(is.args[at])))
  }
  const secrets = (server: DeclaredServer) =>
    Object.fromEntries(server.urlSecrets.map(({ where, value }) => [where, value]))
  return [...differences, ...compareMaps('start', 'url', secrets(was), secrets(is), shown)]
}

function compareSurroundings(was: DeclaredServer, is: DeclaredServer): Difference[] {
  return [
    ...compareMaps('environment', 'env', was.env, is.env, shown),
    ...compareMaps('environment', 'header', was.headers, is.headers, shown),
  ]
}

function compareSettings(was: DeclaredServer, is: DeclaredServer): Difference[] {
  const list = (tools: readonly string[]) => (tools.length === 0 ? nothing : [...tools].sort().join(', '))
  const hash = (value: string | undefined) => (value === undefined ? nothing : `content #${value.slice(0, 8)}`)
  return [
    ...compareShown('consent', 'tools called without asking', list(was.autoApprove), list(is.autoApprove)),
    ...compareShown('settings', 'disabled', String(was.disabled), String(is.disabled)),
    ...compareMaps('settings', '', was.other, is.other, hash),
  ]
}
