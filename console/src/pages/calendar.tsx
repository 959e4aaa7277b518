import { Anchor, Button, Card, Group, List, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { type Output, useRead } from '../api/client'
import { Inline, visibleText } from '../parts/outside-text'
import { durationWords, recurrenceWords } from '../parts/recurrence'
import { Answered, Empty } from '../parts/states'
import { StatusMark } from '../parts/status'
import { Day, Time } from '../parts/time'
import { Page } from '../shell/shell'
import { CalendarDialog } from './calendar-edit'
import { FreezeDialog } from './calendar-freeze'
import { WindowDialog } from './calendar-window'

type Windows = Output<'windows'>

/** When changes may be made, what is planned, what is due before it can be. */
export function Calendar() {
  const windows = useRead('windows', {})
  return (
    <Page title="Calendar">
      <Answered query={windows} lines={8}>
        {(data) => (
          <Stack gap="xl">
            <Feed />
            <Deadlines data={data} />
            <Scheduled data={data} />
            <Rules data={data} />
            <Freezes data={data} />
          </Stack>
        )}
      </Answered>
    </Page>
  )
}

/** What a calendar program is given: the browser hands it over, or the address is kept there. */
function Feed() {
  return (
    <Text size="sm" className="no-print">
      <a href="/calendar.ics">The calendar for a calendar program</a> (iCalendar): windows and freezes of the next three
      months, what is planned, what is due.
    </Text>
  )
}

function Deadlines({ data: { deadlines } }: { data: Windows }) {
  const pressing = deadlines.filter(({ beforeNext }) => beforeNext)
  return (
    <section aria-labelledby="deadlines">
      <Title order={2} size="h3" id="deadlines" mb="sm">
        Due before the next window
      </Title>
      {pressing.length === 0 ? (
        <Empty>Everything that is due can be made in a window before.</Empty>
      ) : (
        <List spacing="xs">
          {pressing.map((one) => (
            <List.Item key={one.fingerprint}>
              <Anchor component={Link} href={`/findings/${one.fingerprint}`} data-row>
                <Inline>{one.title}</Inline>
              </Anchor>{' '}
              of <Inline>{one.server}</Inline>, due <Time at={one.due} />; next window{' '}
              {one.next === null ? 'never' : <Time at={one.next} />}. Whether it is an emergency is said on its page.
            </List.Item>
          ))}
        </List>
      )}
    </section>
  )
}

function Scheduled({ data: { scheduled } }: { data: Windows }) {
  return (
    <section aria-labelledby="scheduled">
      <Title order={2} size="h3" id="scheduled" mb="sm">
        Planned
      </Title>
      {scheduled.length === 0 ? (
        <Empty>No change is planned.</Empty>
      ) : (
        <List spacing="xs">
          {scheduled.map((one) => (
            <List.Item key={one.change}>
              <Day at={one.from} />:{' '}
              <Link href={`/changes/${one.change}`}>
                <Inline>{one.title}</Inline>
              </Link>
              {one.window !== null && <Inline>{`, in ${one.window}`}</Inline>}
            </List.Item>
          ))}
        </List>
      )}
    </section>
  )
}

function Rules({ data: { windows } }: { data: Windows }) {
  const [edited, setEdited] = useState<Windows['windows'][number] | 'new' | null>(null)
  const [gone, setGone] = useState<string | null>(null)
  return (
    <section aria-labelledby="windows">
      <Title order={2} size="h3" id="windows" mb="sm">
        Windows
      </Title>
      <Stack gap="sm" align="stretch">
        {windows.length === 0 && <Empty>No window is declared in upkeep.yaml: changes may be made at any time.</Empty>}
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
          {windows.map((one) => (
            <WindowCard key={one.name} window={one} edit={() => setEdited(one)} remove={() => setGone(one.name)} />
          ))}
        </SimpleGrid>
        <Group className="no-print">
          <Button variant="default" onClick={() => setEdited('new')}>
            Add a window
          </Button>
        </Group>
      </Stack>
      {edited !== null && <WindowDialog window={edited === 'new' ? null : edited} close={() => setEdited(null)} />}
      {gone !== null && (
        <CalendarDialog
          name="window/remove"
          title={`Remove the window "${visibleText(gone)}"`}
          close={() => setGone(null)}
          entry={{ name: gone }}
        />
      )}
    </section>
  )
}

function WindowCard({
  window: one,
  edit,
  remove,
}: {
  window: Windows['windows'][number]
  edit: () => void
  remove: () => void
}) {
  const scope = one.servers === null ? 'for every change' : `for ${one.servers.join(', ')}`
  const room = one.capacity === null ? '' : `, at most ${one.capacity} changes`
  return (
    <Card withBorder padding="sm" component="article">
      <Text fw={600}>
        <Inline>{one.name}</Inline>
      </Text>
      <Text size="sm">
        <Inline>{`${recurrenceWords(one.rrule)} at ${one.at} in ${one.zone}, for ${durationWords(one.duration)}`}</Inline>
      </Text>
      <Text size="sm">
        <Inline>{scope + room}</Inline>
      </Text>
      {one.next.length === 0 && <StatusMark status="unknown" word="its rule fits no day" />}
      <List size="sm" mt="xs">
        {one.next.map((time) => (
          <List.Item key={time.from}>
            {time.wall} (<Time at={time.from} />)
          </List.Item>
        ))}
        {one.skipped.map((time) => (
          <List.Item key={time.wall}>{time.wall}: its clock skips this hour</List.Item>
        ))}
      </List>
      <EntryActs name={one.name} edit={edit} remove={remove} />
    </Card>
  )
}

function EntryActs({ name, edit, remove }: { name: string; edit: () => void; remove: () => void }) {
  return (
    <Group gap="xs" mt="xs" className="no-print">
      <Button size="xs" variant="default" onClick={edit} aria-label={`Change ${visibleText(name)}`}>
        Change
      </Button>
      <Button size="xs" variant="default" onClick={remove} aria-label={`Remove ${visibleText(name)}`}>
        Remove
      </Button>
    </Group>
  )
}

function Freezes({ data: { freezes } }: { data: Windows }) {
  const [edited, setEdited] = useState<Windows['freezes'][number] | 'new' | null>(null)
  const [gone, setGone] = useState<string | null>(null)
  return (
    <section aria-labelledby="freezes">
      <Title order={2} size="h3" id="freezes" mb="sm">
        Freezes
      </Title>
      {freezes.length === 0 && <Empty>Nothing is frozen.</Empty>}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
        {freezes.map((one) => (
          <Card key={`${one.from} ${one.why}`} withBorder padding="sm" component="article">
            <Text fw={600}>
              <Inline>{one.why}</Inline>
            </Text>
            <Text size="sm">
              <Day at={one.from} /> to <Day at={one.until} />,{' '}
              {one.servers === null ? 'for every change' : <Inline>{`for ${one.servers.join(', ')}`}</Inline>}
            </Text>
            <EntryActs name={one.why} edit={() => setEdited(one)} remove={() => setGone(one.why)} />
          </Card>
        ))}
      </SimpleGrid>
      <Group mt="sm" className="no-print">
        <Button variant="default" onClick={() => setEdited('new')}>
          Add a freeze
        </Button>
      </Group>
      {edited !== null && <FreezeDialog freeze={edited === 'new' ? null : edited} close={() => setEdited(null)} />}
      {gone !== null && (
        <CalendarDialog
          name="freeze/remove"
          title={`Remove the freeze "${visibleText(gone)}"`}
          close={() => setGone(null)}
          entry={{ why: gone }}
        />
      )}
    </section>
  )
}
