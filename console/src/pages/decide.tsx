import { Button, Group, List, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { type Row, useWrite } from '../api/client'
import { Failed } from '../parts/failed'
import { Inline } from '../parts/outside-text'

type Question = Row<'inbox'>

const inTwoWeeks = '14d'

/** Answers one question, or the same one of several subjects: what yes and what no means stands there before. */
export function Decide({ items, close }: { items: readonly Question[]; close: () => void }) {
  const [first] = items
  if (first === undefined) return null
  return (
    <Modal opened onClose={close} title={first.question} closeButtonProps={{ 'aria-label': 'Close' }} size="lg">
      <Answers items={items} first={first} close={close} />
    </Modal>
  )
}

function Answers({ items, first, close }: { items: readonly Question[]; first: Question; close: () => void }) {
  const { mutateAsync } = useWrite('inbox')
  const [busy, setBusy] = useState<string | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const [done, setDone] = useState<string[]>([])
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState(inTwoWeeks)

  // Who closes the dialog ends it after the answer that is under way.
  const isClosed = useRef(false)
  useEffect(() => {
    isClosed.current = false
    return () => {
      isClosed.current = true
    }
  }, [])

  async function answer(word: 'yes' | 'no' | 'later'): Promise<void> {
    setBusy(word)
    setError(null)
    const said: string[] = []
    try {
      // One after the other: each is a decision of its own in the record, and the first that is refused ends it.
      for (const { id } of items) {
        if (isClosed.current) break
        const asked = {
          answer: word,
          id,
          ...(word === 'later' && { until }),
          ...(word === 'yes' && reason !== '' && { reason }),
        }
        const answered = await mutateAsync(asked)
        said.push(answered.done ?? '')
      }
      setDone([...new Set(said)])
    } catch (caught) {
      setError(caught instanceof Error ? caught : new Error(String(caught)))
    }
    setBusy(null)
  }

  if (done.length > 0)
    return (
      <Stack gap="sm">
        <List size="sm" role="status">
          {done.map((line) => (
            <List.Item key={line}>
              <Inline>{line}</Inline>
            </List.Item>
          ))}
        </List>
        <Button onClick={close}>Close</Button>
      </Stack>
    )
  const isBusy = busy !== null
  return (
    <Stack gap="md">
      <Text size="sm">
        Of <Inline>{items.map(({ subject }) => subject).join(', ')}</Inline>. <Inline>{first.why}</Inline>
      </Text>
      <Stack gap="xs">
        <Textarea
          label="Why, for the record"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={2_000}
          autosize
          minRows={2}
        />
        <Choice says={`Yes ${first.yes}.`}>
          <Button loading={busy === 'yes'} disabled={isBusy} onClick={() => void answer('yes')}>
            Yes
          </Button>
        </Choice>
      </Stack>
      <Choice says={`No ${first.no}.`}>
        <Button variant="default" loading={busy === 'no'} disabled={isBusy} onClick={() => void answer('no')}>
          No
        </Button>
      </Choice>
      <Group align="flex-end" gap="sm">
        <TextInput
          label="Until: a day, or 14d"
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
          w="10rem"
        />
        <Button variant="default" loading={busy === 'later'} disabled={isBusy} onClick={() => void answer('later')}>
          Later
        </Button>
      </Group>
      {error !== null && <Failed error={error} />}
    </Stack>
  )
}

function Choice({ says, children }: { says: string; children: ReactNode }) {
  return (
    <Group gap="sm" wrap="nowrap" align="center">
      <div style={{ flex: 'none' }}>{children}</div>
      <Text size="sm">
        <Inline>{says}</Inline>
      </Text>
    </Group>
  )
}
