import { Button, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { Inline, visibleText } from './outside-text'
import { type Box, drawReach, type Entry, type Reach, reachOf } from './reach'

/** What is in reach of servers, as a figure; the same as a table, one key away, on narrow pages and on paper. */
export function ReachFigure({ entries, label }: { entries: readonly Entry[]; label: string }) {
  const [isTable, setTable] = useState(false)
  const reach = reachOf(entries)
  const drawing = drawReach(reach)
  return (
    <Stack gap="xs" component="figure" m={0} className="reach" data-table={isTable}>
      <svg
        viewBox={`-2 -2 ${drawing.width + 4} ${drawing.height + 4}`}
        role="img"
        aria-label={`${label}, as a figure: ${summaryOf(reach)}. The same stands in the table.`}
        className="reach-drawn"
      >
        {drawing.paths.map(({ key, d }) => (
          <path key={key} d={d} className="reach-tie" />
        ))}
        {drawing.boxes.map((box) => (
          <OneBox key={box.key} box={box} />
        ))}
      </svg>
      {drawing.leftOut > 0 && <Text size="sm">{drawing.leftOut} more are in the table, and not in the figure.</Text>}
      <Button
        size="xs"
        variant="default"
        className="no-print reach-switch"
        aria-pressed={isTable}
        onClick={() => setTable(!isTable)}
        style={{ alignSelf: 'flex-start' }}
      >
        {isTable ? 'Show the figure' : 'Show the table'}
      </Button>
      <div className="reach-table">
        <ReachTable reach={reach} label={label} />
      </div>
    </Stack>
  )
}

function summaryOf({ servers, groups }: Reach): string {
  const parts = groups.map(({ title, nodes }) => `${nodes.length} ${title.toLowerCase()}`)
  return [`${servers.length} ${servers.length === 1 ? 'server' : 'servers'}`, ...parts].join(', ')
}

const longest = 34

function OneBox({ box: { kind, text, x, y, width, height } }: { box: Box }) {
  const middle = y + height / 2 + 5
  if (kind === 'heading')
    return (
      <text x={x} y={y + height - 6} className="reach-heading">
        {text}
      </text>
    )
  const shown = visibleText(text)
  return (
    <g className={kind === 'server' ? 'reach-server' : 'reach-node'}>
      <rect x={x} y={y} width={width} height={height} rx={kind === 'server' ? 15 : 4} />
      <text x={x + 12} y={middle}>
        {shown.length > longest ? `${shown.slice(0, longest - 1)}…` : shown}
      </text>
    </g>
  )
}

function ReachTable({ reach: { groups, ties }, label }: { reach: Reach; label: string }) {
  return (
    <Table aria-label={label} layout="auto">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>What</Table.Th>
          <Table.Th>Which</Table.Th>
          <Table.Th>Servers</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {groups.flatMap(({ title, nodes }) =>
          nodes.map((node) => (
            <Table.Tr key={`${title} ${node}`}>
              <Table.Td>{title}</Table.Td>
              <Table.Td>
                <Inline>{node}</Inline>
              </Table.Td>
              <Table.Td>
                <Inline>
                  {ties
                    .filter((tie) => tie.group === title && tie.node === node)
                    .map(({ server }) => server)
                    .join(', ')}
                </Inline>
              </Table.Td>
            </Table.Tr>
          )),
        )}
      </Table.Tbody>
    </Table>
  )
}
