import { Alert, Button, Stack, Text } from '@mantine/core'
import { ApiProblem } from '../api/client'
import { Inline, visibleText } from './outside-text'

/** What failed, what it means, what to do: as the terminal says it. */
export function Failed({ error, again }: { error: Error; again?: () => void }) {
  const isProblem = error instanceof ApiProblem
  return (
    <Alert color="red" variant="outline" title={visibleText(error.message)} role="alert">
      <Stack gap="xs" align="flex-start">
        {isProblem && error.detail !== '' && (
          <Text size="sm">
            <Inline>{error.detail}</Inline>
          </Text>
        )}
        {isProblem && error.action !== '' && (
          <Text size="sm">
            <Inline>{error.action}</Inline>
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
