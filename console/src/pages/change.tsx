import { Alert, Card, List, Stack, Table, Text, Title } from '@mantine/core'
import { useParams } from 'wouter'
import { type Output, type Row, useRead } from '../api/client'
import { Journal } from '../parts/journal'
import { Inline } from '../parts/outside-text'
import { phaseWords } from '../parts/phase-words'
import { PlanCard } from '../parts/plan-card'
import { Answered } from '../parts/states'
import { StatusMark } from '../parts/status'
import { TicketCard } from '../parts/ticket-card'
import { Time } from '../parts/time'
import { TitledLines } from '../parts/titled-lines'
import { Page } from '../shell/shell'
import { ChangeActs } from './change-acts'
import { ChangeDocument } from './change-document'

type OneChange = Row<'changes'>
type Sheet = NonNullable<Output<'changes'>['sheet']>

/** One change, read as something is read that will be signed: what changes, what could break, what was proven, the way back, what is not known. */
export function Change() {
  const { id } = useParams<{ id: string }>()
  const found = useRead('changes', { change: id, all: true }, { refetchInterval: ({ state }) => lookAgain(state.data) })
  return (
    <Answered query={found} lines={12}>
      {({ changes: [change], sheet, journal, ticket }) =>
        change === undefined ? (
          <Page title="No such change" crumbs={[{ name: 'Changes', to: '/changes' }]}>
            <Text>No change has this id.</Text>
          </Page>
        ) : (
          <Page title={change.plan.title} crumbs={[{ name: 'Changes', to: '/changes' }]}>
            <Stack gap="xl">
              <Standing change={change} />
              {ticket !== null && <TicketCard ticket={ticket} />}
              <PlanCard plan={change.plan} />
              {sheet !== null && <Impact sheet={sheet} />}
              <Tests change={change} />
              <Approvals change={change} />
              <Steps lines={journal} />
              <ChangeDocument id={change.id} />
            </Stack>
          </Page>
        )
      }
    </Answered>
  )
}

/** While it is being made or taken back, every second: each step shows when it is recorded. */
function lookAgain(data: Output<'changes'> | undefined): number | false {
  return ['applying', 'undoing'].includes(data?.changes[0]?.phase ?? '') ? 1_000 : false
}

function Steps({ lines }: { lines: Output<'changes'>['journal'] }) {
  return (
    <section aria-labelledby="steps">
      <Title order={2} size="h3" id="steps" mb="sm">
        Step by step
      </Title>
      <Journal lines={lines} />
    </section>
  )
}

function Standing({ change }: { change: OneChange }) {
  const { phase, heldBy, outcome, sighting, scheduled } = change
  return (
    <Card withBorder padding="md">
      <Stack gap="xs">
        <Text>
          <b>{outcome === null ? (phaseWords[phase] ?? phase) : outcome.replaceAll('-', ' ')}</b>
          {heldBy !== null && (
            <>
              : <Inline>{heldBy}</Inline>
            </>
          )}
        </Text>
        {scheduled !== null && (
          <Text size="sm">
            To be made <Time at={scheduled.from} />
            {scheduled.window !== null && <Inline>{` in ${scheduled.window}`}</Inline>}
          </Text>
        )}
        {sighting !== null && <Seen sighting={sighting} />}
        <ChangeActs change={change} />
      </Stack>
    </Card>
  )
}

/** What was seen of the world after it was made. */
function Seen({ sighting }: { sighting: NonNullable<OneChange['sighting']> }) {
  const { holds, findings, pending, seen = [], abort } = sighting
  const resolved = findings.filter(({ state }) => state === 'resolved').length
  const lines = [
    holds ? 'Everything that it wrote still stands.' : 'Not everything that it wrote still stands.',
    ...(findings.length === 0 ? [] : [`${resolved} of ${findings.length} findings that it was to close are resolved.`]),
    ...(abort === undefined ? [] : [`It is taken back: ${abort}`]),
    ...pending.map((line) => `Still in the way: ${line}`),
    ...seen,
  ]
  return <TitledLines title="What was seen afterwards" lines={lines} />
}

function Impact({ sheet }: { sheet: Sheet }) {
  return (
    <section aria-labelledby="impact">
      <Title order={2} size="h3" id="impact" mb="sm">
        What it means
      </Title>
      <Text className="prose">
        <Inline>{sheet.inWords}</Inline>
      </Text>
      <Text mt="xs">
        Risk {sheet.risk}; {sheet.approvals} {sheet.approvals === 1 ? 'approval' : 'approvals'}.
      </Text>
      <TitledLines title="Why" lines={sheet.why} />
      <TitledLines
        title="New combinations"
        lines={sheet.newCombinations.map(
          (one) =>
            `${one.client}: a stranger's text through ${one.untrusted.join(', ')}, private data of ${one.private.join(', ')}, out by ${one.outbound.join(', ')}`,
        )}
      />
      {sheet.unknown.length > 0 && (
        <Alert variant="outline" color="orange" mt="sm" title="Not known" className="not-known">
          <TitledLines title="" lines={sheet.unknown} />
        </Alert>
      )}
    </section>
  )
}

function Tests({ change: { tests } }: { change: OneChange }) {
  const status = { passed: 'pass', failed: 'fail', 'not-run': 'unknown' } as const
  return (
    <section aria-labelledby="tests">
      <Title order={2} size="h3" id="tests" mb="sm">
        What was proven
      </Title>
      {tests === null || tests.length === 0 ? (
        <Text>Nothing was tried in the sandbox.</Text>
      ) : (
        <Table.ScrollContainer minWidth={320}>
          <Table layout="auto">
            <Table.Tbody>
              {tests.map((test) => (
                <Table.Tr key={test.name}>
                  <Table.Td w="8rem">
                    <StatusMark
                      status={status[test.outcome]}
                      word={test.outcome === 'not-run' ? 'not run' : test.outcome}
                    />
                  </Table.Td>
                  <Table.Td>
                    <Inline>{test.name}</Inline>
                    <Text size="sm">
                      <Inline>{test.detail}</Inline>
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </section>
  )
}

const presences = {
  'not-proven': 'presence not proven',
  'ssh-key': 'signed with a key of theirs',
  'security-key': 'signed with a security key',
  passkey: 'signed with a passkey of theirs',
} as const

function Approvals({ change }: { change: OneChange }) {
  return (
    <section aria-labelledby="approvals">
      <Title order={2} size="h3" id="approvals" mb="sm">
        Who let it be made
      </Title>
      {change.approvals.length === 0 ? (
        <Text>Nobody approved it yet.</Text>
      ) : (
        <List>
          {change.approvals.map((one) => (
            <List.Item key={JSON.stringify(one)}>
              <StatusMark status={one.decision === 'approved' ? 'pass' : 'fail'} word={one.decision} /> by{' '}
              <Inline>{one.signer.person}</Inline>
              {one.onBehalfOf !== undefined && (
                <>
                  {' '}
                  for <Inline>{one.onBehalfOf}</Inline>
                </>
              )}{' '}
              as {one.role}, {presences[one.signer.presence]}; it counts until <Time at={one.until} />
              {one.reason !== null && (
                <>
                  : <Inline>{one.reason}</Inline>
                </>
              )}
            </List.Item>
          ))}
        </List>
      )}
      <Text size="sm" mt="sm">
        What is signed is the plan with the digest <Inline>{change.digest}</Inline>. Asked for by{' '}
        <Inline>{change.requester}</Inline>.
      </Text>
    </section>
  )
}
