import { Button, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { type Row, useWrite } from '../api/client'
import { AskReason } from '../parts/ask-reason'
import { Failed } from '../parts/failed'
import { visibleText } from '../parts/outside-text'

type OneChange = Row<'changes'>

/** What can be done with a change as it stands. Whether somebody may is for the operation to say. */
export function ChangeActs({ change }: { change: OneChange }) {
  return (
    <Stack gap="xs" className="no-print">
      {change.phase === 'proposed' && <Proposed change={change} />}
      {['applied', 'closed'].includes(change.phase) && change.outcome !== 'abandoned' && <Undo change={change} />}
    </Stack>
  )
}

function Proposed({ change }: { change: OneChange }) {
  const approve = useWrite('approve')
  const withdraw = useWrite('approve')
  const make = useWrite('fix')
  const [said, setSaid] = useState('')
  const events = { onProgress: setSaid }
  const error = approve.error ?? make.error ?? withdraw.error
  const isBusy = approve.isPending || make.isPending || withdraw.isPending
  return (
    <>
      <Group gap="sm">
        <Button
          loading={approve.isPending}
          disabled={isBusy}
          onClick={() => approve.mutate({ change: change.id, events })}
        >
          Approve: {visibleText(change.plan.title)}
        </Button>
        <Button
          variant="default"
          loading={make.isPending}
          disabled={isBusy}
          onClick={() => make.mutate({ change: change.id, events })}
        >
          Make it now
        </Button>
        <Refuse change={change} />
        {change.approvals.length > 0 && (
          <Button
            variant="default"
            loading={withdraw.isPending}
            disabled={isBusy}
            onClick={() => withdraw.mutate({ change: change.id, withdraw: true, events })}
          >
            Take back what I said
          </Button>
        )}
        <GiveUp change={change} />
      </Group>
      <Text size="sm" role="status">
        {isBusy ? said : ''}
      </Text>
      {error !== null && <Failed error={error} />}
    </>
  )
}

function Refuse({ change }: { change: OneChange }) {
  const [isOpen, dialog] = useDisclosure(false)
  const refuse = useWrite('approve')
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Refuse
      </Button>
      <AskReason
        title={`Refuse: ${visibleText(change.plan.title)}`}
        act="Refuse: it is not made"
        isOpen={isOpen}
        isBusy={refuse.isPending}
        error={refuse.error}
        close={dialog.close}
        onReason={(reason) => refuse.mutate({ change: change.id, refuse: true, reason }, { onSuccess: dialog.close })}
      >
        It is not made until you take your no back, whoever else approves it.
      </AskReason>
    </>
  )
}

function GiveUp({ change }: { change: OneChange }) {
  const [isOpen, dialog] = useDisclosure(false)
  const giveUp = useWrite('changes')
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Give it up
      </Button>
      <AskReason
        title={`Give up: ${visibleText(change.plan.title)}`}
        act="Give it up: it is never made"
        isOpen={isOpen}
        isBusy={giveUp.isPending}
        error={giveUp.error}
        close={dialog.close}
        onReason={(reason) => giveUp.mutate({ change: change.id, abandon: true, reason }, { onSuccess: dialog.close })}
      >
        The change is closed without being made. What it was to close stays open, and can be proposed anew.
      </AskReason>
    </>
  )
}

function Undo({ change }: { change: OneChange }) {
  const [isOpen, dialog] = useDisclosure(false)
  const undo = useWrite('undo')
  const [said, setSaid] = useState('')
  return (
    <Group>
      <Button variant="default" onClick={dialog.open}>
        Take it back
      </Button>
      <AskReason
        title={`Take back: ${visibleText(change.plan.title)}`}
        act="Take it back"
        isOpen={isOpen}
        isBusy={undo.isPending}
        error={undo.error}
        close={dialog.close}
        onReason={(reason) =>
          undo.mutate({ change: change.id, reason, events: { onProgress: setSaid } }, { onSuccess: dialog.close })
        }
      >
        The files get back the very bytes that they had. Where somebody else wrote meanwhile, only what this change
        wrote is taken out.
        {undo.isPending && said !== '' && (
          <Text span size="sm" role="status" display="block" mt="xs">
            {said}
          </Text>
        )}
      </AskReason>
    </Group>
  )
}
