import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Output } from '../api/client'
import { visibleText } from '../parts/outside-text'
import { CalendarDialog, serversIn } from './calendar-edit'

type Freeze = Output<'windows'>['freezes'][number]

/** A freeze: why, from when, until when. The clock is that of this browser. */
export function FreezeDialog({ freeze, close }: { freeze: Freeze | null; close: () => void }) {
  const [why, setWhy] = useState(freeze?.why ?? '')
  const [from, setFrom] = useState(localOf(freeze?.from))
  const [until, setUntil] = useState(localOf(freeze?.until))
  const [servers, setServers] = useState((freeze?.servers ?? []).join(', '))
  const [begins, ends] = [momentOf(from), momentOf(until)]
  const isTurned = begins !== null && ends !== null && begins >= ends
  const entry =
    begins === null || ends === null || isTurned || why.trim() === ''
      ? null
      : { why: why.trim(), from: begins, until: ends, ...serversIn(servers) }
  return (
    <CalendarDialog
      name="freeze/set"
      title={freeze === null ? 'A new freeze' : `The freeze "${visibleText(freeze.why)}"`}
      close={close}
      entry={entry}
    >
      <TextInput
        label="Why nothing is changed then"
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
        readOnly={freeze !== null}
        required
        maxLength={300}
        data-autofocus
      />
      <div className="side-by-side">
        <TextInput
          label="From"
          type="datetime-local"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
          required
        />
        <TextInput
          label="Until"
          type="datetime-local"
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
          error={isTurned ? 'It ends before it begins' : undefined}
          required
        />
      </div>
      <Text size="sm">By the clock in {Intl.DateTimeFormat().resolvedOptions().timeZone}.</Text>
      <TextInput
        label="Only for these servers"
        description="Between commas; none is all"
        value={servers}
        onChange={(event) => setServers(event.currentTarget.value)}
      />
    </CalendarDialog>
  )
}

function momentOf(local: string): string | null {
  const moment = new Date(local)
  return Number.isNaN(moment.getTime()) ? null : `${moment.toISOString().slice(0, 19)}Z`
}

/** As a field of this browser takes it: by its own clock, to the minute. */
function localOf(moment: string | undefined): string {
  if (moment === undefined) return ''
  const at = new Date(moment)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
