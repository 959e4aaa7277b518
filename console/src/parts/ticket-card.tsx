import { Anchor, Card, Stack, Text } from '@mantine/core'
import type { Output } from '../api/client'
import { Inline } from './outside-text'
import { Time } from './time'
import { TitledLines } from './titled-lines'

type Ticket = NonNullable<Output<'changes'>['ticket']>

const states = {
  open: 'open there',
  closed: 'closed there',
  gone: 'not there any more',
  'not-opened': 'not opened yet',
  'not-seen': 'opened, and not looked at since',
} as const

/** The ticket of a change elsewhere: where it is, how it was last seen, and how it differs. It decides nothing here. */
export function TicketCard({ ticket }: { ticket: Ticket }) {
  const { key, url, kind, place, state, status, closedBy, comments, seenAt, why, differs } = ticket
  const name = key ?? 'Its ticket'
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="ticket">
      <Stack gap="xs">
        <Text id="ticket">
          {url === null ? (
            <Inline>{name}</Inline>
          ) : (
            <Anchor href={url} rel="noreferrer" target="_blank">
              <Inline>{name}</Inline>
            </Anchor>
          )}{' '}
          in {kind} (<Inline>{place}</Inline>): {states[state]}
          {status !== null && status !== state && (
            <>
              , <Inline>{status}</Inline>
            </>
          )}
          {closedBy !== null && (
            <>
              {' '}
              by <Inline>{closedBy}</Inline>
            </>
          )}
        </Text>
        <Text size="sm">
          {comments !== null && `${comments} ${comments === 1 ? 'comment' : 'comments'}. `}
          {seenAt !== null && (
            <>
              Looked at <Time at={seenAt} />.{' '}
            </>
          )}
          Nothing that is done in a ticket approves a change or closes it.
        </Text>
        {why !== '' && (
          <Text size="sm">
            It could not be {key === null ? 'opened' : 'read'}: <Inline>{why}</Inline>
          </Text>
        )}
        <TitledLines title="What differs" lines={differs} />
      </Stack>
    </Card>
  )
}
