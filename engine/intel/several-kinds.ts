import type { FeedForm } from './feed-sink.ts'

/** How many files of a feed are of one form, and one of them by name. */
export interface FormCount {
  form: FeedForm
  files: number
  first: string
}

/** What is wrong with a feed whose files are of several kinds: only the first kind is used. Null where all are of one. */
export function severalKinds(forms: readonly FormCount[]): string | null {
  const [used, ...others] = forms
  if (used === undefined || others.length === 0) return null
  const named = others.map(({ form, files, first }) => {
    const name = first.slice(-100)
    return `${form} (${files === 1 ? name : `${files} files, such as ${name}`})`
  })
  return `it holds several kinds of feed: only ${used.form} is used, and not ${named.join(', ')}; name each by itself, or import the folder`
}
