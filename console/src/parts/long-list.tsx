import { Group, Skeleton, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQueries } from '@tanstack/react-query'
import { measureElement, useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, memo, type ReactNode, useCallback, useRef, useState } from 'react'
import type { Reads } from '../../generated/api'
import { type Paged, type PagedName, type Row, read, usePage } from '../api/client'
import { Answered, Empty } from './states'

const pageSize = 100
/** How long a page is kept that is no longer in sight: a hundred thousand rows that somebody leafed through are not all kept. */
const keptMs = 15_000
/** Of a row, in pixels, until one was drawn. */
const firstHeight = 44

/** How one list is shown. */
export interface LongListProps<Name extends PagedName> {
  name: Name
  /** The property of the answer that is the list. */
  of: string
  input: Reads[Name]['input']
  sort?: string
  /** Names of the columns, and their widths as CSS grid tracks. */
  columns: readonly { title: string; width: string }[]
  label: string
  empty: ReactNode
  row(row: Row<Name>): { key: string; href?: string; cells: readonly ReactNode[] }
}

/** A list of any length: only what is in sight is drawn, and it is searched, sorted and cut into pages on the other side. */
export function LongList<Name extends PagedName>(props: LongListProps<Name>) {
  const [search, setSearch] = useState('')
  const [asked] = useDebouncedValue(search, 250)
  const page = {
    offset: 0,
    count: pageSize,
    ...(asked !== '' && { search: asked }),
    ...(props.sort && { sort: props.sort }),
  }
  const first = usePage(props.name, props.input, page)
  return (
    <>
      <TextInput
        data-search
        label={`Search ${props.label}`}
        placeholder="any text of a row"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        mb="sm"
        className="no-print"
        maw={420}
      />
      <Answered query={first}>
        {(data) =>
          data.page.total === 0 && asked === '' ? (
            <Empty>{props.empty}</Empty>
          ) : (
            <Rows {...props} total={data.page.total} page={page} />
          )
        }
      </Answered>
    </>
  )
}

function Rows<Name extends PagedName>({
  total,
  page,
  ...props
}: LongListProps<Name> & { total: number; page: Parameters<typeof usePage>[2] }) {
  const { name, of, input, columns, label, row } = props
  const box = useRef<HTMLDivElement>(null)
  const { height, note } = useUsualHeight()
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    // The height is of the name of a row: where the usual one is another, all are laid out and measured anew.
    getItemKey: useCallback((index: number) => height * mostRows + index, [height]),
    measureElement: (line: HTMLDivElement, entry, instance) => note(line, measureElement(line, entry, instance)),
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const wanted = [...new Set(items.map(({ index }) => Math.floor(index / pageSize)))]
  const pages = useQueries({
    queries: wanted.map((number) => {
      const asked = { ...page, offset: number * pageSize }
      return {
        queryKey: [name, input, asked],
        queryFn: async ({ signal }: { signal: AbortSignal }) =>
          (await read(name, { ...input, ...asked }, signal)) as Paged<Name>,
        gcTime: keptMs,
      }
    }),
  })
  const at = (index: number): Row<Name> | undefined => {
    const data = pages[wanted.indexOf(Math.floor(index / pageSize))]?.data
    const rows = data === undefined ? undefined : (Reflect.get(data, of) as Row<Name>[])
    return rows?.[index % pageSize]
  }
  const template = columns.map(({ width }) => width).join(' ')
  return (
    <>
      <Group justify="space-between" mb={4}>
        <Text size="sm" role="status">
          {total === 0 ? 'No row holds that text' : `${total.toLocaleString('en-GB')} ${total === 1 ? 'row' : 'rows'}`}
        </Text>
      </Group>
      <div ref={box} className="long-list" role="table" aria-label={label} aria-rowcount={total + 1} tabIndex={0}>
        <div role="row" className="grid-row grid-head" style={{ ...tracks(template), fontWeight: 600 }}>
          {columns.map(({ title }) => (
            <div role="columnheader" key={title}>
              {title}
            </div>
          ))}
        </div>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="rowgroup">
          {items.map(({ index, start, key }) => {
            const data = at(index)
            return (
              <div
                key={key}
                data-index={index}
                ref={virtual.measureElement}
                style={{ position: 'absolute', insetInline: 0, transform: `translateY(${start}px)` }}
              >
                {data === undefined ? (
                  <div role="row" className="grid-row" style={{ height }}>
                    <div role="cell">
                      <Skeleton height={20} />
                    </div>
                  </div>
                ) : (
                  <RowLine index={index} columns={columns} template={template} data={data} row={row} />
                )}
              </div>
            )
          })}
        </div>
      </div>
    </>
  )
}

/**
 * How high a row usually is, in pixels: as most of the first ones that were drawn. Rows not drawn yet are taken to be so, and only one that turns
 * out otherwise has all that follow it laid out anew, which takes long in a long list.
 */
function useUsualHeight() {
  const [height, setHeight] = useState(firstHeight)
  const seen = useRef<number[]>([])
  function note(line: HTMLDivElement, size: number): number {
    if (seen.current.length < enough && line.querySelector('[aria-rowindex]') !== null) {
      seen.current.push(size)
      if (seen.current.length === enough)
        setHeight(seen.current.toSorted((one, other) => one - other)[enough / 2] ?? size)
    }
    return size
  }
  return { height, note }
}

/** Rows in a list, so that names stay small whole numbers. */
const mostRows = 1_000_000
/** Rows that stand on the first screen of the smallest page. */
const enough = 12

/** The widths of the columns, for the style sheet: on a narrow page there is one column. */
function tracks(template: string): CSSProperties {
  return { '--tracks': template } as CSSProperties
}

interface Line<Data> {
  index: number
  columns: readonly { title: string }[]
  template: string
  data: Data
  row(data: Data): { href?: string; cells: readonly ReactNode[] }
}

/** Drawn anew only where its data are others: scrolling moves it. */
const RowLine = memo(DrawnRow) as typeof DrawnRow

function DrawnRow<Data>({ index, columns, template, data, row }: Line<Data>) {
  const { href, cells } = row(data)
  return (
    <div role="row" aria-rowindex={index + 2} className="grid-row row-link" style={tracks(template)}>
      {cells.map((cell, place) => (
        <div role="cell" key={columns[place]?.title}>
          {place === 0 && href !== undefined ? (
            <a href={href} data-row>
              {cell}
            </a>
          ) : (
            cell
          )}
        </div>
      ))}
    </div>
  )
}
