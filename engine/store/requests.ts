/** How a named write stands when it is asked for. */
export type RequestState =
  | { readonly state: 'new' }
  | { readonly state: 'begun'; readonly asked: string; readonly process: string; readonly commits: number }
  | { readonly state: 'done'; readonly asked: string; readonly answer: string }

/** Writes that a caller gave a name to, for thirty days. */
export interface Requests {
  /** Notes that it begins, unless it is there already; then nothing is changed. `id` names caller and key, `asked` what is asked for. */
  begin(request: { id: string; asked: string; process: string; at: string }): Promise<RequestState>
  /** Another process does it now. */
  takeOver(id: string, process: string): Promise<void>
  /** One more transaction of it is committed: called inside that very transaction. */
  count(id: string): Promise<void>
  end(id: string, answer: string): Promise<void>
  /** As if it had never been asked for. False, and nothing is changed, where something of it was committed. */
  drop(id: string): Promise<boolean>
}
