import { Anchor, Button, Card, Code, Group, Modal, Stack, Table, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { Link, useParams } from 'wouter'
import { type Row, useRead, useWrite } from '../api/client'
import { Failed } from '../parts/failed'
import { ForRole } from '../parts/for-role'
import { introducedIn } from '../parts/introduced'
import { Inline, Outside } from '../parts/outside-text'
import { restsOn } from '../parts/proofs'
import { Answered, Empty } from '../parts/states'
import { Severity, StatusMark } from '../parts/status'
import { Time } from '../parts/time'
import { SaidThen } from '../parts/transcript'
import { differencesIn, WhatDiffers } from '../parts/what-differs'
import { Page } from '../shell/shell'
import { Emergency } from './emergency'

type Listed = Row<'findings'>

/** One finding: what was seen, why it matters, what to do, and the records that it rests on. */
export function FindingPage() {
  const { id } = useParams<{ id: string }>()
  const found = useRead('findings', { about: id, resolved: true })
  return (
    <Answered query={found}>
      {({ findings: [one] }) =>
        one === undefined ? (
          <Page title="No such finding" crumbs={[{ name: 'Findings', to: '/findings' }]}>
            <Empty>No finding has this fingerprint. It may have been of another fleet.</Empty>
          </Page>
        ) : (
          <One listed={one} />
        )
      }
    </Answered>
  )
}

function One({ listed: { finding, acceptedUntil, owners } }: { listed: Listed }) {
  const { statement } = finding
  return (
    <Page title={statement.title} crumbs={[{ name: 'Findings', to: '/findings' }]}>
      <Stack gap="lg">
        <Group gap="lg">
          {finding.state === 'resolved' ? (
            <StatusMark status="pass" word="resolved: looked for and not found" />
          ) : (
            <Severity severity={statement.severity} />
          )}
          {acceptedUntil !== null && (
            <StatusMark status="accepted" word={`accepted until ${acceptedUntil.slice(0, 10)}`} />
          )}
          <Anchor component={Link} href={`/fleet/${encodeURIComponent(statement.subject.name)}`}>
            <Inline>{statement.subject.name}</Inline>
          </Anchor>
        </Group>
        <div className="prose">
          <Text>
            <Inline>{statement.summary}</Inline>
          </Text>
          <Text mt="xs">
            To do: <Inline>{statement.action}</Inline>
          </Text>
          {statement.due !== undefined && statement.due.at !== null && (
            <Text mt="xs">
              Due <Time at={statement.due.at} />: {statement.due.why}
            </Text>
          )}
          {owners.length > 0 && (
            <Text mt="xs">
              Owner: <Inline>{owners.join(', ')}</Inline>
            </Text>
          )}
        </div>
        <Decide listed={{ finding, acceptedUntil, owners }} />
        <Card withBorder padding="md">
          <Text size="sm">
            First seen <Time at={finding.firstSeenAt} />, last <Time at={finding.at} />, by the duty {statement.duty},
            rule {statement.rule} (version {statement.ruleVersion}).
          </Text>
          <Text size="sm">
            <Link href={`/evidence/${finding.run}`}>The run</Link> ·{' '}
            <Link href={`/evidence/${finding.id}`}>the record</Link> · fingerprint{' '}
            <Code>{statement.fingerprint.slice(0, 16)}</Code>
          </Text>
        </Card>
        <Grounds finding={finding} />
      </Stack>
    </Page>
  )
}

/** What differs, what was said, and every other fact as it is stated. */
function Grounds({ finding: { run, statement } }: { finding: Listed['finding'] }) {
  const differences = differencesIn(statement.facts.differences)
  const introduced = introducedIn(statement.facts.introduced)
  const isOfIt = restsOn(statement.facts)
  const shown = { differences, introduced }
  const others = Object.entries(statement.facts).filter(
    ([name]) => !(Object.hasOwn(shown, name) && Reflect.get(shown, name) !== null),
  )
  return (
    <>
      {introduced !== null && (
        <section aria-labelledby="introduced">
          <Title order={2} size="h3" id="introduced" mb="sm">
            What it brings in
          </Title>
          <WhatDiffers differences={introduced} />
        </section>
      )}
      {differences !== null && (
        <section aria-labelledby="differs">
          <Title order={2} size="h3" id="differs" mb="sm">
            What differs
          </Title>
          <WhatDiffers differences={differences} />
        </section>
      )}
      {isOfIt !== null && (
        <section aria-labelledby="said">
          <Title order={2} size="h3" id="said" mb="sm">
            What was said
          </Title>
          <SaidThen run={run} subject={statement.subject.id} of={isOfIt} />
        </section>
      )}
      <section aria-labelledby="facts">
        <Title order={2} size="h3" id="facts" mb="sm">
          What it rests on
        </Title>
        <Table variant="vertical" layout="auto" withTableBorder>
          <Table.Tbody>
            {others.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th className="fact-name">{name}</Table.Th>
                <Table.Td>
                  <Outside>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</Outside>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </>
  )
}

function Decide({ listed: { finding, acceptedUntil } }: { listed: Listed }) {
  const [isOpen, dialog] = useDisclosure(false)
  const { statement } = finding
  const isStanding = finding.state !== 'resolved'
  return (
    <Group gap="sm" className="no-print">
      {isStanding && statement.proposals.length > 0 && (
        <Button component={Link} href={`/changes?fix=${statement.fingerprint}`}>
          See the change that closes it
        </Button>
      )}
      {isStanding && acceptedUntil === null && (
        <Button variant="default" onClick={dialog.open}>
          Live with it until a day
        </Button>
      )}
      {statement.subject.kind === 'server' && (
        <Emergency
          what={statement.fingerprint}
          name={`${statement.subject.name}: ${statement.title}`}
          isOffered={isStanding}
        />
      )}
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title="Live with it until a day"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <ForRole kind="write" name="accept" what="Deciding to live with something">
          <Accept fingerprint={statement.fingerprint} done={dialog.close} />
        </ForRole>
      </Modal>
    </Group>
  )
}

function Accept({ fingerprint, done }: { fingerprint: string; done: () => void }) {
  const accept = useWrite('accept')
  const [key] = useState(() => crypto.randomUUID())
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        const [until, reason] = [String(form.get('until')), String(form.get('reason'))]
        accept.mutate({ finding: fingerprint, until, reason, key: `${key}-${until}` }, { onSuccess: done })
      }}
    >
      <Stack gap="sm">
        <Text size="sm">It stays wrong, and counts again after that day.</Text>
        <TextInput name="until" label="Until the end of" type="date" required />
        <Textarea name="reason" label="Why it is right to live with it" required minLength={5} autosize minRows={2} />
        {accept.error !== null && <Failed error={accept.error} />}
        <Button type="submit" loading={accept.isPending}>
          Accept this finding until that day
        </Button>
      </Stack>
    </form>
  )
}
