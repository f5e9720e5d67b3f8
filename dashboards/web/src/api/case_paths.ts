// Paths of cases (办件), their files and papers, drafts and the ledger.
import type { CaseTab } from './types'

const kRoot = '/api/v1'
const part = encodeURIComponent

export const cataloguePath = () => `${kRoot}/catalogue`
export const codeCheckPath = () => `${kRoot}/codes/check`
export const deadlinePath = (from: string, workingDays: number) =>
  `${kRoot}/calendar/deadline?${new URLSearchParams({ from, working_days: String(workingDays) })}`
export const casesPath = () => `${kRoot}/cases`
export const duplicatesPath = () => `${kRoot}/cases/duplicates`
export const caseSearchPath = () => `${kRoot}/cases/search`

export interface InboxQuery {
  tab: CaseTab
  site?: string | undefined
  offset: number
  limit: number
}
export function inboxPath({ tab, site, offset, limit }: InboxQuery): string {
  const query = new URLSearchParams({ tab, offset: String(offset), limit: String(limit) })
  if (site) query.set('site', site)
  return `${kRoot}/cases?${query}`
}

export const casePath = (site: string, id: string, what: '' | 'acts' | 'unmask' | 'erase' | 'prints' = '') =>
  `${kRoot}/sites/${part(site)}/cases/${part(id)}${what && `/${what}`}`
export const caseFilePath = (site: string, id: string, file: string) => `${casePath(site, id)}/files/${part(file)}`
export const printJobPath = (job: string) => `${kRoot}/prints/${part(job)}`
export const paperPath = (job: string) => `${printJobPath(job)}/pdf`
export const uploadsPath = () => `${kRoot}/uploads`
export const uploadPath = (upload: string) => `${kRoot}/uploads/${part(upload)}`
export const uploadPiecePath = (upload: string, offset: number) => `${uploadPath(upload)}/${offset}`
export const scansPath = () => `${kRoot}/scans`
export const takeScanPath = (name: string) => `${kRoot}/scans/${part(name)}/take`
export const draftsPath = () => `${kRoot}/drafts`
export const draftPath = (draft: string) => `${kRoot}/drafts/${part(draft)}`
export const ledgerPath = () => `${kRoot}/ledger`
