import type { Store } from '../store/store.ts'

/** What a report reads of the store. It writes nothing, so it is handed no way to. */
export type ReportSource = Pick<Store, 'objects' | 'runs' | 'findings' | 'acceptances' | 'ledger' | 'checkpoints'>
