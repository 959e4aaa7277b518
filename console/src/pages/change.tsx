import { Alert, Button, Card, Group, List, Modal, Stack, Table, Text, Textarea, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { useParams } from 'wouter'
import { type Output, type Row, useRead, useWrite } from '../api/client'
import { Inline, Outside } from '../parts/outside-text'
import { PlanCard } from '../parts/plan-card'
import { Answered, Failed } from '../parts/states'
import { StatusMark } from '../parts/status'
import { Time } from '../parts/time'
import { Page } from '../shell/shell'

type OneChange = Row<'changes'>
type Sheet = NonNullable<Output<'changes'>['sheet']>

/** One change, read as something is read that will be signed: what changes, what could break, what was proven, the way back, what is not known. */
export function Change() {
  const { id } = useParams<{ id: string }>()
  const found = useRead('changes', { change: id, all: true })
  return (
    <Answered query={found} lines={12}>
      {({ changes: [change], sheet }) =>
        change === undefined ? (
          <Page title="No such change" crumbs={[{ name: 'Changes', to: '/changes' }]}>
            <Text>No change has this id.</Text>
          </Page>
        ) : (
          <Page title={change.plan.title} crumbs={[{ name: 'Changes', to: '/changes' }]}>
            <Stack gap="xl">
              <Standing change={change} />
              <PlanCard change={change} />
              {sheet !== null && <Impact sheet={sheet} />}
              <Tests change={change} />
              <Approvals change={change} />
            </Stack>
          </Page>
        )
      }
    </Answered>
  )
}

function Standing({ change }: { change: OneChange }) {
  const { phase, heldBy, outcome, sighting, scheduled } = change
  return (
    <Card withBorder padding="md">
      <Stack gap="xs">
        <Text>
          <b>{outcome ?? phase}</b>
          {heldBy !== null && (
            <>
              : <Inline>{heldBy}</Inline>
            </>
          )}
        </Text>
        {scheduled !== null && (
          <Text size="sm">
            To be made <Time at={scheduled.from} />
            {scheduled.window !== null && ` in ${scheduled.window}`}
          </Text>
        )}
        {sighting !== null && <Outside label="What was seen afterwards">{JSON.stringify(sighting, null, 2)}</Outside>}
        <Acts change={change} />
      </Stack>
    </Card>
  )
}

function Acts({ change }: { change: OneChange }) {
  const approve = useWrite('approve')
  const make = useWrite('fix')
  const undo = useWrite('undo')
  const [said, setSaid] = useState('')
  const events = { onProgress: setSaid }
  const error = approve.error ?? make.error ?? undo.error
  const isBusy = approve.isPending || make.isPending || undo.isPending
  return (
    <Stack gap="xs" className="no-print">
      <Group gap="sm">
        {change.phase === 'proposed' && (
          <>
            <Button
              loading={approve.isPending}
              disabled={isBusy}
              onClick={() => approve.mutate({ change: change.id, events })}
            >
              Approve: {change.plan.title}
            </Button>
            <Button
              variant="default"
              loading={make.isPending}
              disabled={isBusy}
              onClick={() => make.mutate({ change: change.id, events })}
            >
              Make it now
            </Button>
          </>
        )}
        {['applied', 'closed'].includes(change.phase) && <Undo change={change} undo={undo} />}
      </Group>
      <Text size="sm" role="status">
        {isBusy ? said : ''}
      </Text>
      {error !== null && <Failed error={error} />}
    </Stack>
  )
}

function Undo({ change, undo }: { change: OneChange; undo: ReturnType<typeof useWrite<'undo'>> }) {
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Take it back
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={`Take back: ${change.plan.title}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault()
            const reason = String(new FormData(event.currentTarget).get('reason'))
            undo.mutate({ change: change.id, reason }, { onSuccess: dialog.close })
          }}
        >
          <Stack gap="sm">
            <Text size="sm">
              The files get back the very bytes that they had. Where somebody else wrote meanwhile, only what this
              change wrote is taken out.
            </Text>
            <Textarea name="reason" label="Why" required minLength={5} autosize minRows={2} />
            {undo.error !== null && <Failed error={undo.error} />}
            <Button type="submit" loading={undo.isPending}>
              Take it back
            </Button>
          </Stack>
        </form>
      </Modal>
    </>
  )
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
      <Bullets title="Why" lines={sheet.why} />
      <Bullets
        title="New combinations"
        lines={sheet.newCombinations.map(
          (one) =>
            `${one.client}: a stranger's text through ${one.untrusted.join(', ')}, private data of ${one.private.join(', ')}, out by ${one.outbound.join(', ')}`,
        )}
      />
      {sheet.unknown.length > 0 && (
        <Alert variant="outline" color="orange" mt="sm" title="Not known">
          <Bullets title="" lines={sheet.unknown} />
        </Alert>
      )}
    </section>
  )
}

function Bullets({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <>
      {title !== '' && (
        <Title order={3} size="h5" mt="sm">
          {title}
        </Title>
      )}
      <List size="sm" className="prose">
        {lines.map((line) => (
          <List.Item key={line}>
            <Inline>{line}</Inline>
          </List.Item>
        ))}
      </List>
    </>
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
              <Outside>{JSON.stringify(one, null, 2)}</Outside>
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
