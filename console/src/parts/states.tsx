import { Alert, Button, Code, Skeleton, Stack, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiProblem } from '../api/client'

/** What failed, what it means, what to do: as the terminal says it. */
export function Failed({ error, again }: { error: Error; again?: () => void }) {
  const isProblem = error instanceof ApiProblem
  return (
    <Alert color="red" variant="outline" title={error.message} role="alert">
      <Stack gap="xs" align="flex-start">
        {isProblem && error.detail !== '' && <Text size="sm">{error.detail}</Text>}
        {isProblem && error.action !== '' && <Text size="sm">{error.action}</Text>}
        {isProblem && error.status === 401 && (
          <Text size="sm">
            Press Enter where <Code>upkeep serve</Code> runs: it prints a link that opens once.
          </Text>
        )}
        {again !== undefined && (
          <Button size="xs" variant="default" onClick={again}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** Nothing is there, and what would make something be there. */
export function Empty({ children, command }: { children: ReactNode; command?: string }) {
  return (
    <Stack gap="xs" p="md" align="flex-start">
      <Text>{children}</Text>
      {command !== undefined && <Code>{command}</Code>}
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
