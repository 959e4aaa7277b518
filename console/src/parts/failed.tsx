import { Alert, Button, Code, Stack, Text } from '@mantine/core'
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
