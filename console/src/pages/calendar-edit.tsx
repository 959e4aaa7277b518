import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { UseMutationResult } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import type { Writes } from '../../generated/api'
import { useWrite } from '../api/client'
import { Failed } from '../parts/failed'
import { visibleText } from '../parts/outside-text'
import { PlanCard } from '../parts/plan-card'

type Edit = 'window/set' | 'window/remove' | 'freeze/set' | 'freeze/remove'
type Entry<Name extends Edit> = Omit<Writes[Name]['input'], 'plan' | 'propose' | 'reason'>

/** A dialog in which an entry of the calendar is set: the form, then what would be written, then the proposal. */
export function CalendarDialog<Name extends Edit>({
  name,
  title,
  close,
  entry,
  children,
}: {
  name: Name
  title: string
  close: () => void
  /** What is asked for; null while the form is not whole. */
  entry: Entry<Name> | null
  children?: ReactNode
}) {
  const shown = useWrite(name)
  const proposed = useWrite(name)
  const [at, setAt] = useState('')
  const asked = JSON.stringify(entry)
  const [shownOf, setShownOf] = useState('')
  // What was changed in the form since is no longer what the plan says.
  const plan = shownOf === asked ? (shown.data?.plan ?? null) : null
  const isDone = shown.isSuccess && shownOf === asked && plan === null
  const change = proposed.data?.change ?? null
  const look = (order: Entry<Name>) => {
    setShownOf(asked)
    shown.mutate({ ...order, plan: true } as never)
  }
  const propose = (order: Entry<Name>) =>
    proposed.mutate({ ...order, propose: true, reason: 'set in the console', events: { onProgress: setAt } } as never)
  return (
    <Modal opened onClose={close} title={title} size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (entry !== null) (plan === null ? look : propose)(entry)
        }}
      >
        <Stack gap="md">
          {change === null && children}
          {change === null && plan !== null && <PlanCard plan={plan} />}
          {isDone && <Text role="status">It stands like that already: nothing is left to do.</Text>}
          <Problem mutations={[shown, proposed]} />
          {change === null ? (
            <Group>
              <Button type="submit" disabled={entry === null} loading={shown.isPending || proposed.isPending}>
                {plan === null ? 'Show what would be written' : `Propose: ${visibleText(plan.title)}`}
              </Button>
              <Text size="sm" role="status">
                {proposed.isPending ? at : 'Nothing is written before somebody approves it.'}
              </Text>
            </Group>
          ) : (
            <Text role="status">
              Proposed: <Link href={`/changes/${change.id}`}>see what it waits for</Link>
            </Text>
          )}
        </Stack>
      </form>
    </Modal>
  )
}

function Problem({ mutations }: { mutations: readonly Pick<UseMutationResult<unknown, Error>, 'error'>[] }) {
  const error = mutations.find((one) => one.error !== null)?.error ?? null
  return error === null ? null : <Failed error={error} />
}

/** Names of servers, as they are typed: between commas. None is every server. */
export function serversIn(text: string): { servers?: string[] } {
  const servers = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
  return servers.length === 0 ? {} : { servers }
}
