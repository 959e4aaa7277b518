import { Anchor, Card, Group, Text } from '@mantine/core'
import { Link } from 'wouter'
import type { Output } from '../api/client'
import { Inline } from './outside-text'
import { Severity } from './status'
import { Time } from './time'

type Item = Output<'status'>['report']['items'][number]

const mostNamed = 5

/** What one change would close, or one finding by itself: of what, what it is, what to do, by when and why. */
export function InboxItem({ item, why = false }: { item: Item; why?: boolean }) {
  const names = [...new Set(item.subjects.map(({ name }) => name))]
  const more = Math.max(0, names.length - mostNamed) + item.subjectCount - item.subjects.length
  const [first] = item.findings
  return (
    <Card withBorder padding="md" component="article">
      <Group justify="space-between" align="flex-start" wrap="wrap-reverse" gap="xs">
        <Group gap="sm">
          <Severity severity={item.severity} />
          <Text fw={600}>
            <Inline>{names.slice(0, mostNamed).join(', ')}</Inline>
            {more > 0 && ` and ${more} more`}
          </Text>
        </Group>
        <Due due={item.due} />
      </Group>
      <Text mt="xs" className="prose">
        <Inline>{item.summary}</Inline>
      </Text>
      <Text size="sm" mt={4} className="prose">
        To do: <Inline>{item.action}</Inline>
      </Text>
      {why && item.due !== null && (
        <Text size="sm" mt={4} className="prose">
          Due then because: <Inline>{item.due.why}</Inline>
        </Text>
      )}
      <Group gap="lg" mt="xs">
        {first !== undefined && (
          <Anchor component={Link} size="sm" href={`/findings/${first.statement.fingerprint}`} data-row>
            {item.findingCount === 1 ? 'The finding' : `${item.findingCount.toLocaleString('en-GB')} findings`}
          </Anchor>
        )}
        {item.changes.length > 0 && names[0] !== undefined && (
          <Anchor component={Link} size="sm" href={`/changes?fix=${encodeURIComponent(names[0])}`}>
            The change that closes it
          </Anchor>
        )}
        {item.owners.length > 0 && (
          <Text size="sm">
            Owner: <Inline>{item.owners.join(', ')}</Inline>
          </Text>
        )}
      </Group>
    </Card>
  )
}

function Due({ due }: { due: Item['due'] }) {
  if (due === null || due.at === null) return null
  const isLate = Date.parse(due.at) < Date.now()
  return (
    <Text size="sm" fw={600} title={due.why}>
      {isLate ? 'was due ' : 'due '}
      <Time at={due.at} />
    </Text>
  )
}
