import type { ChangeOf } from '@upkeep/contract/change'

/** Where in its entry a credential stands, for a reader. */
export function whereOf({ at }: Pick<ChangeOf<'rotate-credential'>, 'at'>): string {
  if (at.in === 'argument') return `argument ${at.index + 1}`
  if (at.in === 'url') return 'address'
  return at.in === 'launched' ? `launcher's ${at.name}` : `${at.in} ${at.name}`
}
