import type { SinkKind } from './value.ts'

/** A function of a library at which an argument does harm. */
export interface Sink {
  /** Matches the full name of what is called. */
  name: RegExp
  kind: SinkKind
  /** Which positions count; for Python also by name. */
  at: readonly (number | string)[]
  /** `shell`: only with a shell; a program that is chosen counts always. `address`: fields of an options object count too.
   * `unsafe-loader`: not with a loader that makes plain values only. */
  only?: 'shell' | 'address' | 'unsafe-loader'
}

/** What a function of a library makes of its arguments. */
export interface Transform {
  name: RegExp
  gives:
    | 'same'
    | 'plain'
    | 'resolved'
    | 'joined-path'
    | 'relative'
    | 'address'
    | 'path'
    | 'command-safe'
    | 'url-safe'
    | 'name-only'
}

/** What is known of a language's libraries. */
export interface Language {
  id: 'javascript' | 'python'
  sinks: readonly Sink[]
  /** Methods that are sinks on whatever text they are called on. */
  receiverSinks: ReadonlyMap<string, SinkKind>
  transforms: readonly Transform[]
  /** Names that are known without being bound. */
  globals: ReadonlySet<string>
}
