import 'uplot/dist/uPlot.min.css'
// Before the plots, which format numbers by it as soon as they are loaded.
import './known-language'
import { Button, Stack, Table, Text, Title, useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import UPlot from 'uplot'

/** One line of a plot: what it is called, and its value at each time; null where there is none. */
export interface Line {
  readonly name: string
  readonly values: readonly (number | null)[]
  /** A name of a colour of the console, such as `--status-fail`. */
  readonly colour: string
  /** Told apart without colour too. */
  readonly dash?: readonly number[]
}

interface PlotProps {
  title: string
  /** What stands on the y axis. */
  unit: string
  /** Days, UTC, in order. */
  days: readonly string[]
  lines: readonly Line[]
}

const height = 200
/** So few are shown as points too: one alone is no line. */
const fewPoints = 15

function dayWords(seconds: number): string {
  return new Date(seconds * 1_000).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
}

/** A plot over time, from zero, with a table of the same numbers one key away. On paper it is the table. */
export function Plot(props: PlotProps) {
  const [isTable, setTable] = useState(false)
  const { title, unit, lines } = props
  const isEmpty = lines.every(({ values }) => values.every((one) => one === null))
  const last = lines.map(({ name, values }) => `${name} ${values.findLast((one) => one !== null) ?? 'not known'}`)
  if (isEmpty)
    return (
      <div>
        <Title order={3} size="h5">
          {title}
        </Title>
        <Text size="sm" mt="xs">
          {unit}: there is nothing to draw yet.
        </Text>
      </div>
    )
  return (
    <Stack gap="xs" component="figure" m={0} className="plot">
      <Title order={3} size="h5">
        {title}
      </Title>
      <Text size="sm" component="figcaption">
        {unit}. Now: {last.join(', ')}.
      </Text>
      <ul className="legend">
        {lines.map(({ name, colour, dash }) => (
          <li key={name}>
            <svg width="28" height="8" aria-hidden="true">
              <line
                x1="0"
                y1="4"
                x2="28"
                y2="4"
                stroke={`var(${colour})`}
                strokeWidth="2"
                strokeDasharray={dash?.join(' ')}
              />
            </svg>{' '}
            {name}
          </li>
        ))}
      </ul>
      <div className={isTable ? 'plot-hidden' : 'no-print'}>{!isTable && <Drawn {...props} />}</div>
      <Button
        size="xs"
        variant="default"
        className="no-print"
        aria-pressed={isTable}
        onClick={() => setTable(!isTable)}
        style={{ alignSelf: 'flex-start' }}
      >
        {isTable ? 'Show the plot' : 'Show the numbers'}
      </Button>
      <div className={isTable ? 'scrolled' : 'print-only'}>
        <Numbers {...props} isShown={isTable} />
      </div>
    </Stack>
  )
}

function Drawn({ title, days, lines }: PlotProps) {
  const { ref, width } = useElementSize()
  const place = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  useEffect(() => {
    const box = place.current
    if (box === null || width === 0) return
    // The colours are those of the scheme that is shown.
    const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
    const text = scheme === 'dark' ? colour('--mantine-color-gray-3') : colour('--mantine-color-gray-8')
    const grid = scheme === 'dark' ? '#ffffff22' : '#00000018'
    const axis = {
      stroke: text,
      grid: { stroke: grid, width: 1 },
      ticks: { stroke: grid, width: 1 },
      font: '12px system-ui',
    }
    const plot = new UPlot(
      {
        width,
        height,
        // The numbers under the pointer are in the table: a legend of its own would say them twice.
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: (_, __, max) => [0, Math.max(1, Math.ceil(max * 1.1))] } },
        axes: [
          { ...axis, values: (_, seconds) => seconds.map(dayWords), space: 70 },
          { ...axis, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 10_000, 50_000], size: 56 },
        ],
        series: [
          {},
          ...lines.map(({ name, values, colour: own, dash }) => ({
            label: name,
            stroke: colour(own),
            width: 2,
            ...(dash && { dash: [...dash] }),
            spanGaps: false,
            points: { show: values.filter((one) => one !== null).length < fewPoints, size: 6 },
          })),
        ],
        tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
      },
      [days.map((day) => Date.parse(day) / 1_000), ...lines.map(({ values }) => [...values])],
      box,
    )
    return () => plot.destroy()
  }, [days, lines, width, scheme])
  return (
    <div ref={ref}>
      <div
        ref={place}
        role="img"
        aria-label={`${title}, as a plot. The numbers are in the table.`}
        style={{ height }}
      />
    </div>
  )
}

function Numbers({ title, days, lines, isShown }: PlotProps & { isShown: boolean }) {
  // On paper the newest are enough.
  const from = isShown ? 0 : Math.max(0, days.length - 14)
  return (
    <Table aria-label={title}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Day (UTC)</Table.Th>
          {lines.map(({ name }) => (
            <Table.Th key={name} ta="right">
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {days.slice(from).map((day, index) => (
          <Table.Tr key={day}>
            <Table.Td>{day}</Table.Td>
            {lines.map(({ name, values }) => (
              <Table.Td key={name} ta="right">
                {values[from + index] ?? '–'}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
