import { createTheme, type MantineColorsTuple, Modal } from '@mantine/core'

/** One accent. Status has colours of its own, and always a shape and a word beside. */
const accent: MantineColorsTuple = [
  '#e3fafc',
  '#c5f0f5',
  '#99e0ea',
  '#66cbd9',
  '#3bb3c5',
  '#1c98ab',
  '#0f7f92',
  '#0b7285',
  '#095c6b',
  '#064652',
]

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: 7,
  colors: { accent },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '0.8125rem', sm: '0.875rem', md: '1rem', lg: '1.125rem', xl: '1.375rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  defaultRadius: 'sm',
  autoContrast: true,
  respectReducedMotion: true,
  // What holds the page still behind a dialog writes a style sheet of its own, which the content security policy does not let in.
  components: { Modal: Modal.extend({ defaultProps: { lockScroll: false } }) },
})
