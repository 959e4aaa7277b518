import { Group, NativeSelect, SimpleGrid, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { type Output, useRead } from '../api/client'
import { type Line, Plot } from '../parts/plot'
import { Answered } from '../parts/states'

/** How it went: open findings, time to fix, how much could be judged. Small plots with one thing each. */
export function Trends() {
  const [days, setDays] = useState(90)
  const found = useRead('trends', { days })
  return (
    <>
      <Group mb="md" className="no-print">
        <NativeSelect
          label="How far back"
          data={[
            { value: '30', label: '30 days' },
            { value: '90', label: '90 days' },
            { value: '365', label: 'a year' },
          ]}
          value={String(days)}
          onChange={(event) => setDays(Number(event.currentTarget.value))}
        />
      </Group>
      <Answered query={found} lines={12}>
        {(data) => <Plots data={data} />}
      </Answered>
    </>
  )
}

function Plots({ data }: { data: Output<'trends'> }) {
  const { days, weeks } = data
  const drawn = useMemo(
    () => ({ days: days.map(({ day }) => day), weeks: weeks.map(({ until }) => until) }),
    [days, weeks],
  )
  const lines = useMemo(() => linesOf(data), [data])
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl" verticalSpacing="xl">
      <Plot
        title="Open findings"
        unit="Findings that were open at the end of each day"
        days={drawn.days}
        lines={lines.open}
      />
      <Plot
        title="Verdicts"
        unit="Of the newest run of each duty by the end of each day"
        days={drawn.days}
        lines={lines.verdicts}
      />
      <Plot
        title="Time to fix"
        unit="Days that what was fixed in a week had been open"
        days={drawn.weeks}
        lines={lines.fixing}
      />
      <Text size="sm" className="prose">
        Days are those of UTC. A finding that was gone in between counts as open all the while. Where nothing was looked
        at yet there is no line: no line is not zero.
      </Text>
    </SimpleGrid>
  )
}

function linesOf({ days, weeks }: Output<'trends'>): Record<'open' | 'verdicts' | 'fixing', Line[]> {
  // Before anything was looked at nothing is known: that is no zero.
  const looked = (of: (day: (typeof days)[number]) => number) =>
    days.map((day) => (day.verdicts === null ? null : of(day)))
  const rounded = (value: number | null) => (value === null ? null : Math.round(value * 10) / 10)
  return {
    open: [
      { name: 'all', values: looked(({ open }) => open), colour: '--status-unknown' },
      { name: 'high or critical', values: looked((one) => one.grave), colour: '--status-fail', dash: [6, 3] },
    ],
    verdicts: [
      { name: 'pass', values: days.map(({ verdicts }) => verdicts?.pass ?? null), colour: '--status-pass' },
      {
        name: 'unknown',
        values: days.map(({ verdicts }) => verdicts?.unknown ?? null),
        colour: '--status-unknown',
        dash: [2, 3],
      },
      {
        name: 'fail',
        values: days.map(({ verdicts }) => verdicts?.fail ?? null),
        colour: '--status-fail',
        dash: [6, 3],
      },
    ],
    fixing: [
      { name: 'median', values: weeks.map(({ medianDays }) => rounded(medianDays)), colour: '--status-accepted' },
      {
        name: 'slowest',
        values: weeks.map(({ slowestDays }) => rounded(slowestDays)),
        colour: '--status-fail',
        dash: [6, 3],
      },
    ],
  }
}
