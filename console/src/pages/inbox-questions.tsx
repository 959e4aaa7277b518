import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { type Row, usePage } from '../api/client'
import { Inline } from '../parts/outside-text'
import { Answered, Empty } from '../parts/states'
import { Decide } from './decide'

type Question = Row<'inbox'>

/** Every decision that waits. What is asked of several subjects alike is one question. */
export function InboxQuestions() {
  const inbox = usePage('inbox', {}, { offset: 0, count: 500 })
  // Above the list: while the answers are given the questions go from it.
  const [deciding, setDeciding] = useState<readonly Question[]>([])
  return (
    <section aria-labelledby="waiting">
      <Title order={2} size="h3" id="waiting" mb="sm">
        Waits for a decision
      </Title>
      <Answered query={inbox} lines={3}>
        {({ items, page }) =>
          items.length === 0 ? (
            <Empty>No decision is waiting.</Empty>
          ) : (
            <Stack gap="sm">
              {groupsOf(items).map((group) => (
                <QuestionCard key={`${group[0]?.kind} ${group[0]?.question}`} group={group} decide={setDeciding} />
              ))}
              {page.total > items.length && <Text size="sm">{page.total - items.length} more wait: upkeep inbox</Text>}
            </Stack>
          )
        }
      </Answered>
      {deciding.length > 0 && <Decide items={deciding} close={() => setDeciding([])} />}
    </section>
  )
}

/** Questions of one kind and one wording, in the order in which the first of each came. */
function groupsOf(items: readonly Question[]): Question[][] {
  const groups = new Map<string, Question[]>()
  for (const item of items) {
    const key = `${item.kind} ${item.question}`
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return [...groups.values()]
}

const kinds: Readonly<Record<Question['kind'], string>> = {
  'approve-state': 'approved state',
  drift: 'drift',
  'acceptance-expires': 'acceptance ends',
  consent: 'consent',
  emergency: 'emergency?',
  'not-told': 'not told',
  'given-up': 'given up',
  ticket: 'ticket',
}
const fewNamed = 3

type OnDecide = (items: readonly Question[]) => void

function QuestionCard({ group, decide }: { group: readonly Question[]; decide: OnDecide }) {
  const [first] = group
  if (first === undefined) return null
  const isOfMany = group.length > 1
  return (
    <Card withBorder padding="md" component="article">
      <Group gap="sm" align="center">
        <Badge variant="outline" tt="none">
          {kinds[first.kind]}
        </Badge>
        <Text fw={600}>{isOfMany ? headOf(group) : <Inline>{first.subject}</Inline>}</Text>
      </Group>
      <Text mt="xs" className="prose">
        <Inline>{first.question}</Inline>
      </Text>
      <Text size="sm" className="prose">
        <Inline>{first.why}</Inline>
      </Text>
      <Group gap="sm" mt="sm" className="no-print">
        <Answer decide={decide} items={group} label={isOfMany ? `Decide all ${group.length}` : 'Decide'} />
        {first.kind === 'emergency' && first.about !== null && (
          <Link href={`/findings/${first.about}`} data-row>
            The finding
          </Link>
        )}
      </Group>
      {isOfMany && <OneByOne group={group} decide={decide} />}
    </Card>
  )
}

/** Drawn when it is unfolded: of thousands of questions nobody waits for what is not in sight. */
function OneByOne({ group, decide }: { group: readonly Question[]; decide: OnDecide }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="each" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        One by one: <Inline>{namesOf(group)}</Inline>
      </summary>
      {isOpen && (
        <Stack gap="xs" mt="xs">
          {group.map((item) => (
            <Group key={item.id} justify="space-between" wrap="nowrap">
              <Text size="sm">
                <Inline>{item.subject}</Inline>
              </Text>
              <Answer decide={decide} items={[item]} label="Decide" />
            </Group>
          ))}
        </Stack>
      )}
    </details>
  )
}

function headOf(group: readonly Question[]): string {
  const [first] = group
  const count = group.length
  if (first?.kind === 'approve-state') return `${count} servers have no approved state`
  if (first?.kind === 'consent') return `${count} are not looked at without consent`
  return `The same question of ${count}`
}

function namesOf(group: readonly Question[]): string {
  const names = [...new Set(group.map(({ subject }) => subject))]
  const more = names.length - fewNamed
  return `${names.slice(0, fewNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function Answer({ items, label, decide }: { items: readonly Question[]; label: string; decide: OnDecide }) {
  const about = items.length === 1 ? (items[0]?.subject ?? '') : `${items.length} of one kind`
  return (
    <Button
      size="xs"
      variant="default"
      onClick={() => decide(items)}
      aria-label={`${label}: ${about}`}
      miw={0}
      flex="none"
    >
      {label}
    </Button>
  )
}
