import type { Place } from '@upkeep/contract/place'
import type { CapturesPort, FilesPort, PlacesPort, SecretStoresPort, SecretsPort } from '@upkeep/contract/ports'
import type { FileEffect, Preview } from '@upkeep/contract/remediation'
import { configPaths } from '../../client-formats/config-paths.ts'
import type { EntryFile } from '../entry-file.ts'

const home = '/home/ada'
const place: Place = {
  id: home,
  home,
  platform: 'linux',
  env: {},
  projects: ['/srv/p'],
  machine: false,
  upkeepFile: null,
  uid: 1000,
}

/** Where a client's file lies in a home, by words of its place. */
export function pathOf(client: EntryFile['client'], words: string): string {
  const found = configPaths(place).find((each) => each.client.client === client && each.location.path.includes(words))
  if (found === undefined) throw new Error(`${client} has no file ${words}`)
  return found.path.replace('*', 'x')
}

/** What `env:NEW` leads to. */
export const newSecret = 'new secret of many words'

/** Files in memory, and what a preview makes of them. */
export interface MadePorts {
  files: FilesPort
  places: PlacesPort
  secrets: SecretsPort
  captures: CapturesPort
  secretStores: SecretStoresPort
  text(path: string): string | null
  /** Puts what a preview wants in place, as the engine would; how many files that changed. */
  make(preview: Preview | { state: 'unavailable'; reason: string }): number
}

/** `copies` are kept ones, by what kept them and their name; `secretsAt` what stores have, by reference. */
export function madePorts(
  texts: Readonly<Record<string, string>>,
  copies: Readonly<Record<string, string>> = {},
  secretsAt: Readonly<Record<string, string>> = {},
): MadePorts {
  const held = new Map(Object.entries(texts).map(([path, text]) => [path, { bytes: Buffer.from(text), mode: 0o600 }]))
  const read: FilesPort['read'] = (path) => {
    const file = held.get(path)
    if (file === undefined) return { state: 'absent' }
    const facts = {
      state: 'present',
      type: 'file',
      size: file.bytes.length,
      mode: file.mode,
      uid: 1000,
      gid: 1000,
    } as const
    return {
      state: 'present',
      bytes: file.bytes,
      facts: { ...facts, inode: 1n, device: 1n, modifiedNs: 1n, changedNs: 1n },
    }
  }
  const stored = new Map(Object.entries(secretsAt))
  const fingerprint = (text: string) => Buffer.from(text).toString('hex').slice(-16)
  const resolve = (reference: string) => (reference === 'env:NEW' ? newSecret : null)
  const unused = () => {
    throw new Error('not used')
  }
  return {
    files: {
      read,
      inspect: (path) => {
        const found = read(path, Number.MAX_SAFE_INTEGER)
        return found.state === 'present' ? found.facts : found
      },
      resolve: unused,
      readLink: unused,
      list: unused,
      digestTree: unused,
      userName: unused,
    },
    places: {
      list: () => [place],
      ownProgram: () => ['/opt/node', '/opt/upkeep/bin/upkeep.js'],
      keptObjects: () => '/kept',
    },
    secrets: { fingerprint, resolve, tokenFor: unused },
    secretStores: {
      look: async (reference) => {
        const secret = stored.get(reference)
        return secret === undefined ? { state: 'absent' } : { state: 'present', fingerprint: fingerprint(secret) }
      },
      installed: () => ['keyring'],
    },
    captures: {
      read(of, name) {
        const text = copies[`${of}/${name}`]
        return text === undefined ? { state: 'absent' } : { state: 'present', bytes: Buffer.from(text) }
      },
    },
    text: (path) => held.get(path)?.bytes.toString() ?? null,
    make(preview) {
      if (preview.state === 'unavailable') throw new Error(preview.reason)
      for (const effect of preview.effects) {
        if (effect.kind === 'stored-secret') {
          stored.set(effect.reference, effect.secret)
          continue
        }
        const { path, to } = effect
        if (to === 'absent') held.delete(path)
        else {
          const was = held.get(path)
          held.set(path, {
            bytes: Buffer.from(to.text ?? to.bytes ?? was?.bytes ?? ''),
            mode: to.mode ?? was?.mode ?? 0o600,
          })
        }
      }
      return preview.effects.length
    },
  }
}

/** The files among what a preview wants. */
export function filesOf({ effects }: Pick<Preview, 'effects'>): FileEffect[] {
  return effects.filter((effect) => effect.kind === 'file')
}
