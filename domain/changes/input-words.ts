import type { ChangeInput } from '@upkeep/contract/change'
import type { SecretDestination } from '@upkeep/contract/changes/move-secret'
import type { SetCalendar } from '@upkeep/contract/changes/set-calendar'

/** What a change asks for in three words or so: of what, from what, to what. */
export interface InputWords {
  of: string
  from: string
  to: string
}

export function inputWords(change: ChangeInput): InputWords {
  switch (change.kind) {
    case 'set-file-mode':
      return { of: 'mode of the file', from: change.from, to: change.to }
    case 'set-server-version':
      return { of: change.server, from: change.from ?? 'not known', to: change.to }
    case 'set-server-args':
      return { of: change.server, from: 'its arguments', to: `${change.changes.length} of them changed` }
    case 'add-server':
      return { of: change.server, from: 'not declared', to: 'declared' }
    case 'remove-server':
      return { of: change.server, from: 'declared', to: 'not declared' }
    case 'deny-server':
      return { of: change.name, from: 'started', to: 'denied on the whole machine' }
    case 'disable-server':
      return { of: change.server, from: 'on', to: 'off' }
    case 'set-client-permission':
      return { of: change.server, from: toolsWords(change.from), to: toolsWords(change.to) }
    case 'set-image-digest':
      return { of: change.image, from: change.from ?? 'its tag', to: change.to }
    case 'move-secret':
      return {
        of: change.server,
        from: 'secret in the file',
        to: destinationWords(change.to),
      }
    case 'cut-off-integration':
      return { of: change.server, from: `bound to ${change.integration}`, to: 'not declared' }
    case 'restore-package-tree':
      return { of: change.server, from: 'altered files', to: 'as published' }
    case 'restore-client-config':
      return { of: change.server, from: 'as it is now', to: `as it was at ${change.kept.at}` }
    case 'rotate-credential':
      return { of: change.server, from: 'old credential', to: change.to.is === 'value' ? 'new one' : change.to.text }
    case 'confine-server':
      return { of: change.server, from: 'everything of its user', to: 'what its profile names' }
    case 'set-calendar':
      return { of: calendarName(change), from: declared(change.was), to: declared(change.to) }
  }
}

function declared(entry: SetCalendar['was'] | SetCalendar['to']): string {
  return entry === null ? 'not declared' : 'declared'
}

/** What a person calls it: a window by its name, a freeze by its reason. */
export function calendarName({ was, to }: SetCalendar): string {
  const entry = to ?? was
  return entry === null ? '' : 'name' in entry ? entry.name : entry.why
}

function calendarTitle(change: SetCalendar): string {
  const what = `${change.list === 'windows' ? 'window' : 'freeze'} "${calendarName(change)}"`
  if (change.to === null) return `remove the ${what}`
  return `${change.was === null ? 'declare' : 'change'} the ${what}`
}

function destinationWords(to: SecretDestination): string {
  if (to.store === 'file') return 'own file'
  if (to.store === 'keyring') return 'keyring'
  if (to.store === '1password') return `1Password, vault ${to.vault}`
  return to.store === 'vault' ? `Vault, ${to.folder}` : to.text
}

function toolsWords(tools: readonly string[]): string {
  return tools.length === 0 ? 'always asks' : `without asking: ${tools.join(', ')}`.slice(0, 200)
}

/** What a change does, as a title of one. `whom` are the servers that it is about. */
export function titleWords(change: ChangeInput, whom: string): string {
  switch (change.kind) {
    case 'set-file-mode':
      return `give ${change.path} the mode ${change.to}`
    case 'set-server-version':
      return `set ${whom} to ${change.package} ${change.to}`
    case 'set-server-args':
      return `change arguments of ${whom}`
    case 'add-server':
      return `declare ${whom}`
    case 'remove-server':
      return `remove ${whom}`
    case 'deny-server':
      return `deny ${whom} on the whole machine`
    case 'disable-server':
      return `switch ${whom} off`
    case 'set-client-permission':
      return `set what is called without asking of ${whom}`
    case 'set-image-digest':
      return `name ${change.image} by its digest in ${change.path}`
    case 'move-secret':
      return `move secrets of ${whom} out of the file`
    case 'cut-off-integration':
      return `cut ${change.integration} off`
    case 'restore-package-tree':
      return `put the packages of ${whom} back to what was published`
    case 'restore-client-config':
      return `put what declares ${whom} back to what it was at ${change.kept.at}`
    case 'rotate-credential':
      return `put a new credential in the place of one of ${whom}`
    case 'confine-server':
      return `confine ${whom}`
    case 'set-calendar':
      return calendarTitle(change)
  }
}
