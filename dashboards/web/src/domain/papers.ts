// Papers of a case (受理通知书 and so on): which there are by now, which one an act brings with it, and how a file is shown.
import type { ActKind, CaseView, PaperKind, Side } from '@/api/types'

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

// Only the park prints, and an act that makes a paper prints it at once.
export function paperOfAct(act: ActKind, side: Side): PaperKind | null {
  if (side !== 'park') return null
  if (act === 'accept') return 'acceptance'
  if (act === 'correction_notice') return 'correction'
  if (act === 'decline') return 'declining'
  if (act === 'certify') return 'certificate'
  return act === 'deliver' ? 'delivery' : null
}

export type Viewer = 'image' | 'pdf' | 'none'
export function viewerOf(name: string): Viewer {
  const ending = name.toLowerCase().split('.').pop() ?? ''
  if (['png', 'jpg', 'jpeg'].includes(ending)) return 'image'
  return ending === 'pdf' ? 'pdf' : 'none'
}
