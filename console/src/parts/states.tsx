import { Code, Skeleton, Stack, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiProblem, useRead } from '../api/client'
import { Failed } from './failed'
import { RunDuties } from './run-duties'

/** Nothing is there, and what would make something be there. */
export function Empty({ children, command }: { children: ReactNode; command?: string }) {
  return (
    <Stack gap="xs" py="xs" align="flex-start">
      <Text>{children}</Text>
      {command !== undefined && <Code>{command}</Code>}
    </Stack>
  )
}

/** Where nothing was looked at yet there is nothing to be found: then that is what to do. */
function NothingThere({ error, again }: { error: Error; again: () => Promise<unknown> }) {
  const duties = useRead('duties', {})
  if (duties.data === undefined) return <div aria-busy="true" />
  if (duties.data.duties.some(({ lastRunAt }) => lastRunAt !== null))
    return <Failed error={error} again={() => void again()} />
  return (
    <Stack gap="sm" align="flex-start" className="prose">
      <Text>Nothing was looked at yet, so nothing is known, and nothing is known to be right either.</Text>
      <Text size="sm">
        The first look reads the files of the MCP clients on this machine. It starts nothing, sends nothing and changes
        nothing.
      </Text>
      <RunDuties label="Look for the first time" />
    </Stack>
  )
}

/** Shows what came, or why it did not. While it is on its way the place is kept. */
export function Answered<Data>({
  query,
  lines = 6,
  children,
}: {
  query: UseQueryResult<Data, Error>
  lines?: number
  children: (data: Data) => ReactNode
}) {
  const { data, error, refetch } = query
  if (data !== undefined)
    return (
      <>
        {error !== null && (
          <Text size="sm" role="status">
            This is what was read last: reading it again failed ({error.message})
          </Text>
        )}
        {children(data)}
      </>
    )
  if (error instanceof ApiProblem && error.code === 'not-found') return <NothingThere error={error} again={refetch} />
  if (error !== null) return <Failed error={error} again={() => void refetch()} />
  return (
    <Stack gap="xs" aria-busy="true" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines that hold a place are all alike.
        <Skeleton key={index} height={24} />
      ))}
    </Stack>
  )
}
