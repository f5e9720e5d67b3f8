// Papers of a case (受理通知书 and so on): which there are by now, which one an act brings with it, and how a file is shown.
import type { ActKind, CaseEvent, CaseView, PaperKind, Side } from '@/api/types'

const kAfterDecision: CaseView['phase'][] = ['awaiting_delivery', 'delivered', 'closed', 'archived']

export function papersOf(view: Pick<CaseView, 'phase' | 'accepted' | 'decision' | 'pauses' | 'history' | 'delivered'>): PaperKind[] {
  const papers: PaperKind[] = []
  if (view.accepted) papers.push('acceptance')
  const noticed = view.history.some((event) => event.act === 'correction_notice' && event.ineffective === null)
  if (noticed || view.phase === 'awaiting_correction') papers.push('correction')
  if (view.phase === 'declined') papers.push('declining')
  if (view.decision?.certificate_no) papers.push('certificate')
  if (view.delivered || kAfterDecision.includes(view.phase)) papers.push('delivery')
  return papers
}

const kPapers: PaperKind[] = ['acceptance', 'correction', 'declining', 'delivery', 'certificate']

// The line of an event in words: keys of papers and materials give way to their names.
export function detailsOf(
  event: Pick<CaseEvent, 'act' | 'details'>, materials: { key: string; name: string }[], paperName: (paper: PaperKind) => string,
): string {
  if (event.act === 'print') {
    const paper = kPapers.find((one) => event.details === one || event.details.startsWith(`${one} `))
    return paper ? paperName(paper) + event.details.slice(paper.length) : event.details
  }
  if (event.act !== 'accept' && event.act !== 'correction_notice') return event.details
  const name = (key: string) => materials.find((one) => one.key === key)?.name ?? key
  return event.details.replace(/[a-z][a-z0-9_-]*/g, name)
}

// `name`: as the history calls it in the reader's language.
export const wasPrinted = (history: Pick<CaseEvent, 'act' | 'details'>[], paper: PaperKind, name: string): boolean =>
  history.some(({ act, details }) => act === 'print' && (details.startsWith(paper) || details.startsWith(name)))

// Only the park prints, and an act that makes a paper prints it at once. `anew`: a certificate bears another number, and
// the receipt of a delivery was not printed before.
export function paperOfAct(act: ActKind, side: Side, anew = true): PaperKind | null {
  if (side !== 'park') return null
  if (act === 'accept') return 'acceptance'
  if (act === 'correction_notice') return 'correction'
  if (act === 'decline') return 'declining'
  if (act === 'certify' || (act === 'correct_certificate' && anew)) return 'certificate'
  return act === 'deliver' && anew ? 'delivery' : null
}

// A delivery may be without one: the paper is kept then.
export const hasSignedReceipt = (view: Pick<CaseView, 'scans'>): boolean => view.scans.some((one) => one.paper === 'delivery')

// Types that a page shows, by how such a file begins; whatever else a file is, it is only saved.
export type ShownType = 'application/pdf' | 'image/png' | 'image/jpeg'
const kBeginnings: [ShownType, number[]][] = [
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]], ['image/png', [0x89, 0x50, 0x4e, 0x47]], ['image/jpeg', [0xff, 0xd8, 0xff]],
]
export const kBeginning = Math.max(...kBeginnings.map(([, bytes]) => bytes.length))
export const shownType = (beginning: Uint8Array): ShownType | null =>
  kBeginnings.find(([, bytes]) => bytes.every((byte, i) => beginning[i] === byte))?.[0] ?? null
// Files whose name says that a page cannot show them are not fetched. A name may be sealed, and scans have none.
export const mayShow = (name: string): boolean => !name.includes('.') || /\.(pdf|png|jpe?g)$/i.test(name)
