// What is still to be mended of what a page complained of. Pure.
import type { Message } from './message'

export interface Fault {
  field: string // as the contract spells it: applicant.code; empty: of the whole
  text: Message | string // a key, or the server's own words
}
export interface ShownFault {
  field: string
  text: string
}

// Of what is shown, what `now` still finds, in its words of now; what is newly wrong waits for the next try.
export const stillFaulty = (shown: ShownFault[], now: ShownFault[]): ShownFault[] =>
  shown.flatMap((one) => (one.field === '' ? [one] : now.filter((fault) => fault.field === one.field).slice(0, 1)))
