// What a department's desk (部门决定) is there for on a case just now: the one thing that is due, the pressing first.
import type { CaseView } from '@/api/types'

import { mayNow } from './case_acts'

export type Due =
  | 'sign' // its opinion
  | 'decide'
  | 'answer' // a request of the other side
  | 'return' // decided: the park makes or delivers the paper
  | 'applicant' // 待补正: nobody here
  | 'suspended'
  | null

export function dueOf(view: Pick<CaseView, 'may' | 'open_requests' | 'correction' | 'suspended' | 'phase' | 'files_here' | 'files_all'>): Due {
  if (mayNow(view, 'sign')) return 'sign'
  if (mayNow(view, 'decide') && view.files_here >= view.files_all) return 'decide'
  if (view.open_requests.some((request) => !request.mine) && mayNow(view, 'answer')) return 'answer'
  if (view.correction) return 'applicant'
  if (view.suspended) return 'suspended'
  return view.phase === 'decided' && mayNow(view, 'return') ? 'return' : null
}
