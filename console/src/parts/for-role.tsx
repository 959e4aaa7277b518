import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { roles } from '../../generated/roles'
import { useSession } from '../api/session'

type Kind = keyof typeof roles

/** Which role it takes; null where whoever may look may do it. */
function roleFor(kind: Kind, name: string): string | null {
  const found = Object.entries(roles[kind]).find(([operation]) => operation === name)
  return found === undefined ? null : found[1]
}

/**
 * Shows what is for whoever holds a role, and to anybody else, in its place, whom it is for. Nothing is asked for that would be refused; the server decides all the
 * same. `what` begins the sentence: "Seeing the channels".
 */
export function ForRole<Asked extends Kind>({
  kind,
  name,
  what,
  children,
}: {
  kind: Asked
  name: keyof (typeof roles)[Asked] & string
  what: string
  children: ReactNode
}) {
  const { data } = useSession()
  const needed = roleFor(kind, name)
  if (data === undefined) return <div aria-busy="true" />
  const own: readonly string[] = data.session?.roles ?? []
  if (needed === null || own.includes(needed) || own.includes('admin')) return children
  return (
    <Text className="prose" size="sm">
      {what} takes the role {needed}; you have {own.length === 0 ? 'none' : own.join(', ')}. Roles stand in upkeep.yaml.
    </Text>
  )
}
