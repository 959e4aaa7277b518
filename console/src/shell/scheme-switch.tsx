import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'

export function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'dark' ? 'light' : 'dark'
  return (
    <ActionIcon
      variant="default"
      size="lg"
      onClick={() => setColorScheme(other)}
      aria-label={`Show it ${other}`}
      title={`Show it ${other}`}
    >
      {scheme === 'dark' ? '☀' : '☾'}
    </ActionIcon>
  )
}
