import { Anchor, Card, Code, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { Link } from 'wouter'
import { type Output, useRead } from '../api/client'
import { InboxItem } from '../parts/inbox-item'
import { Inline } from '../parts/outside-text'
import { RunDuties } from '../parts/run-duties'
import { Answered, Empty } from '../parts/states'
import { StatusMark } from '../parts/status'
import { Time } from '../parts/time'
import { Page } from '../shell/shell'
import { InboxQuestions } from './inbox-questions'

type Report = Output<'status'>['report']

/** What is due, overdue, missed and waiting: coverage first, then what needs a person, and nothing green that was not proven. */
export function Today() {
  const status = useRead('status', { brief: true })
  return (
    <Page title="Today">
      <Answered query={status} lines={10}>
        {({ report }) => (
          <Stack gap="xl">
            <Coverage report={report} />
            <Needs report={report} />
            <InboxQuestions />
            <Unknowns report={report} />
            <Duties />
          </Stack>
        )}
      </Answered>
    </Page>
  )
}

function Coverage({ report: { coverage, totals, lengths } }: { report: Report }) {
  const { strengths, clients, observedAt } = coverage
  const servers = strengths.declared + strengths.resolved + strengths.observed + strengths.proven
  return (
    <Group justify="space-between" align="flex-start">
      <Stack gap={4} className="prose">
        <Text>
          <b>{servers}</b> {servers === 1 ? 'server' : 'servers'} in {clients.length}{' '}
          {clients.length === 1 ? 'client' : 'clients'}: {strengths.proven} proven, {strengths.observed} observed,{' '}
          {strengths.resolved} resolved, {strengths.declared} only declared.
        </Text>
        <Text size="sm">
          {observedAt === null ? (
            'Nothing was looked at yet.'
          ) : (
            <>
              Last looked at <Time at={observedAt} />.
            </>
          )}{' '}
          {totals.pass} {totals.pass === 1 ? 'verdict passes' : 'verdicts pass'}, {totals.findings}{' '}
          {totals.findings === 1 ? 'finding is' : 'findings are'} open, {totals.unknown} unknown, {totals.accepted}{' '}
          accepted.
        </Text>
        {lengths.unreadable > 0 && (
          <Text size="sm">
            <StatusMark status="unknown" word={`${lengths.unreadable} could not be read`} />
          </Text>
        )}
      </Stack>
      <RunDuties />
    </Group>
  )
}

function Needs({ report: { items, totals, lengths } }: { report: Report }) {
  return (
    <section aria-labelledby="needs">
      <Title order={2} size="h3" id="needs" mb="sm">
        Needs a person
      </Title>
      {items.length === 0 ? (
        <NothingWrong totals={totals} />
      ) : (
        <Stack gap="sm">
          {items.map((item) => (
            <InboxItem key={item.findings[0]?.statement.fingerprint ?? item.title} item={item} />
          ))}
          {lengths.items > items.length && (
            <Anchor component={Link} href="/findings">
              All {totals.findings.toLocaleString('en-GB')} findings
            </Anchor>
          )}
        </Stack>
      )}
    </section>
  )
}

/** A quiet day is one line, and says what it rests on. It is green only where something was proven and nothing is unknown. */
function NothingWrong({ totals: { pass, unknown, accepted } }: { totals: Report['totals'] }) {
  if (pass === 0) return <Empty>Nothing was judged yet, so nothing is known to be right either.</Empty>
  const judged = `${pass} ${pass === 1 ? 'verdict passes' : 'verdicts pass'}`
  if (unknown > 0)
    return (
      <StatusMark status="unknown" word={`Nothing that could be looked at is wrong: ${judged}, ${unknown} unknown`} />
    )
  return (
    <StatusMark
      status="pass"
      word={`All is well: ${judged}, nothing is unknown${accepted === 0 ? '' : `, ${accepted} accepted`}`}
    />
  )
}

function Unknowns({ report: { unknowns, totals } }: { report: Report }) {
  return (
    <section aria-labelledby="unknowns">
      <Title order={2} size="h3" id="unknowns" mb="sm">
        Could not be judged
      </Title>
      {unknowns.length === 0 ? (
        <Empty>Everything that was asked for could be judged.</Empty>
      ) : (
        <Stack gap="xs">
          {unknowns.map((one) => (
            <Group key={one.reason} gap="sm" align="baseline" wrap="nowrap">
              <StatusMark status="unknown" />
              <Text className="prose">
                <Inline>{one.reason}</Inline>{' '}
                <Text span size="sm">
                  ({one.subjectCount} {one.subjectCount === 1 ? 'subject' : 'subjects'}:{' '}
                  <Inline>
                    {one.subjects
                      .slice(0, 4)
                      .map(({ name }) => name)
                      .join(', ')}
                  </Inline>
                  )
                </Text>
              </Text>
            </Group>
          ))}
          {totals.unknown > unknowns.length && (
            <Text size="sm">
              And {totals.unknown - unknowns.length} more reasons: <Code>upkeep findings --unknown</Code>
            </Text>
          )}
        </Stack>
      )}
    </section>
  )
}

function Duties() {
  const duties = useRead('duties', { adopted: true })
  return (
    <section aria-labelledby="duties">
      <Title order={2} size="h3" id="duties" mb="sm">
        Duties
      </Title>
      <Answered query={duties} lines={3}>
        {({ duties: list }) => (
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
            {list.map((duty) => (
              <Card key={duty.id} withBorder padding="sm">
                <Text fw={600}>{duty.title}</Text>
                <Text size="sm">
                  {duty.cadence}
                  {duty.lastRunAt !== null && (
                    <>
                      , last done <Time at={duty.lastRunAt} />
                    </>
                  )}
                  {duty.nextDueAt !== null && (
                    <>
                      , next <Time at={duty.nextDueAt} />
                    </>
                  )}
                </Text>
              </Card>
            ))}
          </SimpleGrid>
        )}
      </Answered>
    </section>
  )
}
