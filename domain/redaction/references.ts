import { looksRandom } from './random-text.ts'
import { knownTokenKind } from './secret-kinds.ts'

/** Ways of naming a value that stands elsewhere. A client expands some of them; the others reach its server as they are written. */
export type ReferenceStyle = 'brace' | 'dollar' | 'env' | 'input' | 'predefined' | 'mustache' | 'github' | 'user-config'

const name = '[A-Za-z_][A-Za-z0-9_]{0,63}'
const styles: Readonly<Record<ReferenceStyle, RegExp>> = {
  /** `${NAME}`. A default (`${NAME:-value}`) is a value, so that form is not a reference here. */
  brace: new RegExp(`^\\$\\{${name}\\}$`),
  dollar: /^\$[A-Z_][A-Z0-9_]{0,63}$/,
  env: new RegExp(`^\\$\\{env:${name}\\}$`),
  input: /^\$\{input:[A-Za-z0-9_.-]{1,64}\}$/,
  predefined: /^\$\{(?:workspaceFolder|workspaceFolderBasename|userHome|cwd|pathSeparator|\/|extensionPath|home)\}$/,
  mustache: /^\{\{ ?[A-Za-z_][A-Za-z0-9_.:-]{0,63} ?\}\}$/,
  /** What a person entered for a bundle: kept by the client, not in the file. */
  'user-config': /^\$\{user_config\.[A-Za-z0-9_.-]{1,64}\}$/,
  github: /^\$\{\{ ?(?:secrets|inputs|env)\.[A-Za-z0-9_./-]{1,100} ?\}\}$/,
}

export const everyReferenceStyle: readonly ReferenceStyle[] = [
  'brace',
  'dollar',
  'env',
  'input',
  'predefined',
  'mustache',
  'github',
  'user-config',
]

/** A reference of a password manager's launcher, which replaces it whatever the client does. */
const vault = /^op:\/\/[A-Za-z0-9 ._-]{1,64}\/[A-Za-z0-9 ._-]{1,64}(?:\/[A-Za-z0-9 ._-]{1,64}){1,2}$/

/** Stores that our launcher asks by their own programs, beside that of `op://`. */
const stores = /^(?:vault|keyring):\/\/[A-Za-z0-9._/-]{1,200}#[A-Za-z0-9_.-]{1,64}$/

/** Where in which store a secret lies. */
export type StorePlace =
  | { store: 'keyring'; service: string; account: string }
  | { store: '1password'; vault: string; item: string; field: string }
  | { store: 'vault'; path: string; field: string }

/** What a reference of a store names; null where it is none. Of `op://` the section, which an item need not have, is left out. */
export function storePlace(reference: string): StorePlace | null {
  if (!isStoreReference(reference)) return null
  if (reference.startsWith('op://')) {
    const [vault = '', item = '', ...rest] = reference.slice('op://'.length).split('/')
    return { store: '1password', vault, item, field: rest.at(-1) ?? '' }
  }
  const hash = reference.indexOf('#')
  const [within, name] = [reference.slice(reference.indexOf('://') + 3, hash), reference.slice(hash + 1)]
  return reference.startsWith('vault:')
    ? { store: 'vault', path: within, field: name }
    : { store: 'keyring', service: within, account: name }
}

/** Whether a text names a secret in a store that our launcher knows. */
export function isStoreReference(text: string): boolean {
  return text.length <= 300 && knownTokenKind(text) === null && (vault.test(text) || stores.test(text))
}

/** Whether a text is nothing but a reference of one of the styles. */
export function isReference(text: string, expands: readonly ReferenceStyle[]): boolean {
  if (text.length > 200 || knownTokenKind(text) !== null || looksRandom(text)) return false
  return vault.test(text) || expands.some((style) => styles[style].test(text))
}

/** Whether a value, such as that of a header, is a reference, alone or behind a scheme word: `Bearer ${TOKEN}`. */
export function isReferenceValue(text: string, expands: readonly ReferenceStyle[]): boolean {
  const space = text.indexOf(' ')
  const scheme = space > 0 && /^(?:bearer|basic|token)$/i.test(text.slice(0, space))
  return isReference(scheme ? text.slice(space + 1) : text, expands)
}
