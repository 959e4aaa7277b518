import { Button, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { Link } from 'wouter'
import { useWrite, type WriteOutput } from '../api/client'
import { Failed } from '../parts/failed'
import { ForRole } from '../parts/for-role'
import { Inline, visibleText } from '../parts/outside-text'
import { StatusMark } from '../parts/status'
import { Time } from '../parts/time'

/**
 * Switches off what is exploited now. What it will do stands there before, and a rehearsal does all of it but the writing. Its dialog stays
 * when the finding that it is about is resolved by it.
 */
export function Emergency({ what, name, isOffered }: { what: string; name: string; isOffered: boolean }) {
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      {isOffered && (
        <Button variant="default" onClick={dialog.open}>
          It is an emergency
        </Button>
      )}
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={`Emergency: ${visibleText(name)}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
        size="lg"
      >
        <ForRole kind="write" name="emergency" what="Switching something off at once, or rehearsing it,">
          <Contain what={what} />
        </ForRole>
      </Modal>
    </>
  )
}

function Contain({ what }: { what: string }) {
  const act = useWrite('emergency')
  const [reason, setReason] = useState('')
  const [at, setAt] = useState('')
  const run = (rehearse: boolean) =>
    act.mutate({ what, rehearse, ...(reason !== '' && { reason }), events: { onProgress: setAt } })
  return (
    <Stack gap="md">
      <Text size="sm">In this order, by one word:</Text>
      <List size="sm" type="ordered">
        <List.Item>Every server is found that has it, or had it, in every client.</List.Item>
        <List.Item>What can be seen of them now is kept as evidence, before anything is touched.</List.Item>
        <List.Item>
          Those that are on are switched off in the clients' files; windows and freezes do not hold it.
        </List.Item>
        <List.Item>It takes one approver, who has to prove that they are there.</List.Item>
        <List.Item>Another person reviews it afterwards, by a day that is set.</List.Item>
      </List>
      <Textarea
        label="Why, for the record"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={2_000}
        autosize
        minRows={2}
      />
      <Group gap="sm">
        <Button variant="default" loading={act.isPending} onClick={() => run(true)}>
          Rehearse: write nothing
        </Button>
        <Button loading={act.isPending} onClick={() => run(false)}>
          Switch it off now
        </Button>
      </Group>
      <Text size="sm" role="status">
        {act.isPending ? at : ''}
      </Text>
      {act.error !== null && (
        <Stack gap="xs">
          <Failed error={act.error} />
          <Text size="sm">
            What was opened waits under <Link href="/changes">Changes</Link>.
          </Text>
        </Stack>
      )}
      {act.data !== undefined && <Outcome done={act.data} />}
    </Stack>
  )
}

function Outcome({ done }: { done: WriteOutput<'emergency'> }) {
  const { change, rehearsal, affected, evidence, told, secondsToContain, reviewDue } = done
  const files = change.plan.effects
  // A channel is told several times in one emergency: what keeps it is said once.
  const failed = told.filter(({ outcome }) => outcome === 'failed')
  const notTold = new Map(failed.map(({ channel, detail }) => [channel, detail]))
  return (
    <Stack gap="xs" role="status">
      {rehearsal ? (
        <StatusMark
          status="accepted"
          word={`Rehearsed: ${files.length} ${files.length === 1 ? 'file' : 'files'} would be written; nothing was`}
        />
      ) : secondsToContain === null ? (
        <StatusMark status="unknown" word="It is not seen to be in force yet" />
      ) : (
        <StatusMark status="pass" word={`Contained ${secondsToContain} s after it was opened`} />
      )}
      <List size="sm">
        {affected.map((one) => (
          <List.Item key={`${one.server} ${one.part}`}>
            {one.until === null ? 'Affected: ' : 'Was affected: '}
            <Inline>{one.name}</Inline>
            {one.part !== null && (
              <>
                {' '}
                (<Inline>{one.part}</Inline>)
              </>
            )}
          </List.Item>
        ))}
        {files.map(({ path }) => (
          <List.Item key={path}>
            {rehearsal ? 'Would be written: ' : 'Written: '}
            <Inline>{path}</Inline>
          </List.Item>
        ))}
        {evidence.map(({ name, count }) => (
          <List.Item key={name}>
            Kept first: {name} ({count})
          </List.Item>
        ))}
        {[...notTold].map(([channel, detail]) => (
          <List.Item key={channel}>
            {channel} could not be told: <Inline>{detail}</Inline>
          </List.Item>
        ))}
      </List>
      {reviewDue !== null && (
        <Text size="sm">
          To be reviewed <Time at={reviewDue} />.
        </Text>
      )}
      <Link href={`/changes/${change.id}`}>The change</Link>
    </Stack>
  )
}
