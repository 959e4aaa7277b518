import { Alert, Button, Stack, Text } from '@mantine/core'
import { ApiProblem } from '../api/client'

/** What failed, what it means, what to do: as the terminal says it. */
export function Failed({ error, again }: { error: Error; again?: () => void }) {
  const isProblem = error instanceof ApiProblem
  return (
    <Alert color="red" variant="outline" title={error.message} role="alert">
      <Stack gap="xs" align="flex-start">
        {isProblem && error.detail !== '' && <Text size="sm">{error.detail}</Text>}
        {isProblem && error.action !== '' && <Text size="sm">{error.action}</Text>}
        {again !== undefined && (
          <Button size="xs" variant="default" onClick={again}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
