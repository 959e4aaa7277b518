import { Checkbox, Group, List, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { type Output, useRead } from '../api/client'
import { Failed } from '../parts/failed'
import { visibleText } from '../parts/outside-text'
import {
  durationOf,
  hoursAndMinutes,
  nthNames,
  nths,
  type Recurrence,
  recurrenceOf,
  ruleOf,
  weekdayNames,
  weekdays,
} from '../parts/recurrence'
import { StatusMark } from '../parts/status'
import { CalendarDialog, serversIn } from './calendar-edit'

type Window = Output<'windows'>['windows'][number]

interface Draft {
  name: string
  recurrence: Recurrence
  at: string
  zone: string
  hours: number
  minutes: number
  first: string
  servers: string
  capacity: string
}

function draftOf(window: Window | null): Draft {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  if (window === null) {
    const recurrence = { every: 'week', days: ['SU'] } as const
    const parts = { name: '', at: '02:00', zone: timeZone, hours: 2, minutes: 0 }
    return { ...parts, recurrence, first: '', servers: '', capacity: '' }
  }
  return {
    name: window.name,
    recurrence: recurrenceOf(window.rrule),
    at: window.at,
    zone: window.zone,
    ...hoursAndMinutes(window.duration),
    first: window.first ?? '',
    servers: (window.servers ?? []).join(', '),
    capacity: window.capacity === null ? '' : String(window.capacity),
  }
}

/** A window: how often, when, where that clock hangs, how long. What it comes to is shown while it is typed. */
export function WindowDialog({ window, close }: { window: Window | null; close: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(window))
  const put = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }))
  const rule = timesAsked(draft)
  const capacity = draft.capacity === '' ? {} : { capacity: Number(draft.capacity) }
  const entry =
    rule === null || draft.name.trim() === ''
      ? null
      : { name: draft.name.trim(), ...rule, ...serversIn(draft.servers), ...capacity }
  return (
    <CalendarDialog
      name="window/set"
      title={window === null ? 'A new window' : `The window "${visibleText(window.name)}"`}
      close={close}
      entry={entry}
    >
      <TextInput
        label="What to call it"
        value={draft.name}
        onChange={(event) => put({ name: event.currentTarget.value })}
        // Its name is what it is known by: under another one it is another window.
        readOnly={window !== null}
        required
        maxLength={100}
        data-autofocus
      />
      <Often recurrence={draft.recurrence} put={(recurrence) => put({ recurrence })} />
      <Clock draft={draft} put={put} />
      <div className="side-by-side">
        <TextInput
          label="Only for these servers"
          description="Between commas; none is every change"
          value={draft.servers}
          onChange={(event) => put({ servers: event.currentTarget.value })}
        />
        <TextInput
          label="At most so many changes"
          description="None is any number"
          type="number"
          min={1}
          max={1_000}
          value={draft.capacity}
          onChange={(event) => put({ capacity: event.currentTarget.value })}
        />
      </div>
      <Times rule={rule} />
    </CalendarDialog>
  )
}

function timesAsked({ recurrence, at, zone, hours, minutes, first }: Draft) {
  const [rrule, duration] = [ruleOf(recurrence), durationOf(hours, minutes)]
  if (rrule === null || duration === null || at === '') return null
  return { rrule, at, zone, duration, ...(first !== '' && { first }) }
}

const choices = [
  { value: 'day', label: 'every day' },
  { value: 'week', label: 'on days of the week' },
  { value: 'month', label: 'once a month' },
  { value: 'rule', label: 'by a rule of your own' },
] as const

const fresh: Readonly<Record<Recurrence['every'], (rule: string) => Recurrence>> = {
  day: () => ({ every: 'day' }),
  week: () => ({ every: 'week', days: ['SU'] }),
  month: () => ({ every: 'month', nth: '1', day: 'SU' }),
  rule: (rule) => ({ every: 'rule', rule }),
}

function Often({ recurrence, put }: { recurrence: Recurrence; put: (recurrence: Recurrence) => void }) {
  const choose = (value: string) => {
    const every = choices.find((one) => one.value === value)?.value ?? 'week'
    put(fresh[every](ruleOf(recurrence) ?? ''))
  }
  return (
    <Stack gap="xs">
      <NativeSelect
        label="How often"
        data={[...choices]}
        value={recurrence.every}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {recurrence.every === 'week' && (
        <Checkbox.Group
          label="On"
          value={[...recurrence.days]}
          onChange={(days) => put({ every: 'week', days: weekdays.filter((day) => days.includes(day)) })}
        >
          <Group gap="sm" mt={4}>
            {weekdays.map((day) => (
              <Checkbox key={day} value={day} label={weekdayNames[day]} />
            ))}
          </Group>
        </Checkbox.Group>
      )}
      {recurrence.every === 'month' && <OfMonth recurrence={recurrence} put={put} />}
      {recurrence.every === 'rule' && (
        <TextInput
          label="The rule"
          description="A recurrence rule of days (RFC 5545), such as FREQ=WEEKLY;INTERVAL=2;BYDAY=SU"
          value={recurrence.rule}
          onChange={(event) => put({ every: 'rule', rule: event.currentTarget.value })}
        />
      )}
    </Stack>
  )
}

function OfMonth({
  recurrence,
  put,
}: {
  recurrence: Extract<Recurrence, { every: 'month' }>
  put: (recurrence: Recurrence) => void
}) {
  return (
    <div className="side-by-side">
      <NativeSelect
        label="Which of the month"
        data={nths.map((value) => ({ value, label: nthNames[value] }))}
        value={recurrence.nth}
        onChange={(event) => put({ ...recurrence, nth: nths.find((one) => one === event.currentTarget.value) ?? '1' })}
      />
      <NativeSelect
        label="Day"
        data={weekdays.map((value) => ({ value, label: weekdayNames[value] }))}
        value={recurrence.day}
        onChange={(event) =>
          put({ ...recurrence, day: weekdays.find((one) => one === event.currentTarget.value) ?? 'SU' })
        }
      />
    </div>
  )
}

function Clock({ draft, put }: { draft: Draft; put: (part: Partial<Draft>) => void }) {
  const zones = [...new Set(['UTC', draft.zone, ...Intl.supportedValuesOf('timeZone')])].sort()
  return (
    <>
      <div className="side-by-side">
        <TextInput
          label="It opens at"
          type="time"
          value={draft.at}
          onChange={(event) => put({ at: event.currentTarget.value.slice(0, 5) })}
          required
        />
        <NativeSelect
          label="By the clock in"
          data={zones}
          value={draft.zone}
          onChange={(event) => put({ zone: event.currentTarget.value })}
        />
      </div>
      <div className="side-by-side">
        <TextInput
          label="For hours"
          type="number"
          min={0}
          max={23}
          value={Number.isNaN(draft.hours) ? '' : draft.hours}
          onChange={(event) => put({ hours: event.currentTarget.valueAsNumber })}
        />
        <TextInput
          label="and minutes"
          type="number"
          min={0}
          max={59}
          value={Number.isNaN(draft.minutes) ? '' : draft.minutes}
          onChange={(event) => put({ minutes: event.currentTarget.valueAsNumber })}
        />
        <TextInput
          label="First on"
          description={draft.recurrence.every === 'rule' ? 'INTERVAL and COUNT need it' : undefined}
          type="date"
          value={draft.first}
          onChange={(event) => put({ first: event.currentTarget.value })}
        />
      </div>
    </>
  )
}

/** What it comes to, with the hour that its clock skips when summer time begins. */
function Times({ rule }: { rule: ReturnType<typeof timesAsked> }) {
  const [asked] = useDebouncedValue(JSON.stringify(rule), 300)
  const known: ReturnType<typeof timesAsked> = JSON.parse(asked)
  const found = useRead('window/times', known ?? noRule, { enabled: known !== null })
  return (
    <section aria-label="When it opens" aria-live="polite">
      <Text size="sm" fw={600}>
        It opens
      </Text>
      {known === null ? (
        <Text size="sm">Not said yet: choose how often, when and how long.</Text>
      ) : found.error !== null ? (
        <Failed error={found.error} />
      ) : (
        <List size="sm">
          {(found.data?.next ?? []).map(({ wall, from }) => (
            <List.Item key={from}>
              {wall}, which is {new Date(from).toISOString().slice(0, 16).replace('T', ' ')} UTC
            </List.Item>
          ))}
          {found.data?.next.length === 0 && (
            <List.Item>
              <StatusMark status="unknown" word="on no day of the next year: look at its rule" />
            </List.Item>
          )}
          {(found.data?.skipped ?? []).map(({ wall }) => (
            <List.Item key={wall}>
              <StatusMark status="unknown" word={`not ${wall}: the clock skips that hour, and the window with it`} />
            </List.Item>
          ))}
        </List>
      )}
    </section>
  )
}

const noRule = { rrule: '', at: '', zone: '', duration: '' }
