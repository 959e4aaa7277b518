import type { DeclaredServer, SafeValue } from '@upkeep/contract/observations/declared-server'
import type { Credential } from '@upkeep/contract/observations/integrations'
import { isSecretName } from '../redaction/secret-kinds.ts'

/** A credential without the vendor that it opens, with the name under which it stands. */
export type FoundCredential = Omit<Credential, 'vendor'> & { name: string }

/** Every credential that an entry carries or refers to: in variables, headers, arguments and its address. */
export function credentialsIn(
  server: Pick<DeclaredServer, 'env' | 'headers' | 'args' | 'urlSecrets'>,
): FoundCredential[] {
  const named = (kind: string, values: Readonly<Record<string, SafeValue>>) =>
    Object.entries(values).flatMap(([name, value]) => credential(`${kind} ${name}`, name, value))
  return [
    ...named('variable', server.env),
    ...named('header', server.headers),
    ...server.args.flatMap((value, index) => inArgument(server.args, index, value)),
    ...server.urlSecrets.flatMap(({ where, value }) =>
      credential(`url, ${where}`, where.replace(/^query /, ''), value),
    ),
  ]
}

function credential(where: string, name: string, value: SafeValue): FoundCredential[] {
  if (value.kind === 'hidden' && isCredentialKind(value.secret))
    return [{ where, name, kind: value.secret, stands: 'plain', fingerprint: value.fingerprint }]
  if (value.kind === 'reference' && isSecretName(name))
    return [{ where, name, kind: 'reference', stands: 'reference', fingerprint: null }]
  return []
}

/** What only could be a secret is hidden and accused of nothing: digests and ids look random too. */
function isCredentialKind(secret: string): boolean {
  return secret !== 'none' && secret !== 'random-text'
}

function inArgument(args: readonly SafeValue[], index: number, value: SafeValue): FoundCredential[] {
  const before = args[index - 1]
  const flag = before?.kind === 'plain' && before.text.startsWith('-') ? before.text : ''
  const text = value.kind === 'hidden' ? (value.prefix ?? '') : value.kind === 'reference' ? value.text : ''
  const name = /^(?:-{1,2}env=)?-{0,2}([A-Za-z][A-Za-z0-9._-]{0,63})(?:=|: )/.exec(text)?.[1] ?? flag.replace(/^-+/, '')
  return credential(`argument ${index + 1}${name === '' ? '' : ` (${name})`}`, name, value)
}
