import { Anchor, Card, List, Stack, Text, Title } from '@mantine/core'
import { Link } from 'wouter'
import { type Output, useRead } from '../api/client'
import { Inline } from '../parts/outside-text'
import { Answered, Empty } from '../parts/states'
import { StatusMark } from '../parts/status'
import { Day, Time } from '../parts/time'
import { Page } from '../shell/shell'

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
              <Day at={one.from} />: <Link href={`/changes/${one.change}`}>{one.title}</Link>
              {one.window !== null && `, in ${one.window}`}
            </List.Item>
          ))}
        </List>
      )}
    </section>
  )
}

function Rules({ data: { windows } }: { data: Windows }) {
  return (
    <section aria-labelledby="windows">
      <Title order={2} size="h3" id="windows" mb="sm">
        Windows
      </Title>
      {windows.length === 0 ? (
        <Empty>No window is declared in upkeep.yaml: changes may be made at any time.</Empty>
      ) : (
        <Stack gap="sm">
          {windows.map((one) => (
            <Card key={one.name} withBorder padding="sm">
              <Text fw={600}>
                <Inline>{one.name}</Inline>
              </Text>
              <Text size="sm">
                <Inline>{`${one.zone}; ${one.servers === null ? 'for every change' : one.servers.join(', ')}${one.capacity === null ? '' : `; at most ${one.capacity} changes`}`}</Inline>
              </Text>
              {one.next.length === 0 && <StatusMark status="unknown" word="its rule fits no day" />}
              <List size="sm">
                {one.next.map((time) => (
                  <List.Item key={time.from}>
                    {time.wall} (<Time at={time.from} />)
                  </List.Item>
                ))}
                {one.skipped.map((time) => (
                  <List.Item key={time.wall}>{time.wall}: its clock skips this hour</List.Item>
                ))}
              </List>
            </Card>
          ))}
        </Stack>
      )}
    </section>
  )
}

function Freezes({ data: { freezes } }: { data: Windows }) {
  return (
    <section aria-labelledby="freezes">
      <Title order={2} size="h3" id="freezes" mb="sm">
        Freezes
      </Title>
      {freezes.length === 0 ? (
        <Empty>Nothing is frozen.</Empty>
      ) : (
        <List>
          {freezes.map((one) => (
            <List.Item key={`${one.from} ${one.why}`}>
              <Day at={one.from} /> to <Day at={one.until} />: <Inline>{one.why}</Inline>
              {one.servers !== null && (
                <>
                  {' '}
                  (<Inline>{one.servers.join(', ')}</Inline>)
                </>
              )}
            </List.Item>
          ))}
        </List>
      )}
    </section>
  )
}
