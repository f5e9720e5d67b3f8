// useReceiving: makes a case of what the clerk has typed: 收件, then each file put to it, then the draft is thrown away. Every
// step may be repeated after a lost answer, and goes on where it stopped: the draft's own id is the key.
import { shallowRef } from 'vue'

import type { Failure } from '@/api/client'
import { casePath, casesPath } from '@/api/case_paths'
import type { CaseAnswer, CatalogueItem } from '@/api/types'
import { applicantOf, formAnswers, plainArea, type Intake } from '@/domain/intake'

import { useCaseActs } from './case_view'
import { useSession } from './session'

export function useReceiving(draft: string, intake: Intake, item: () => CatalogueItem | undefined,
  of: { save: () => Promise<boolean>; disagreement: () => Promise<Failure | null> }) {
  const { client } = useSession()
  const perform = useCaseActs()
  // How far it is: 2 of 7 files.
  const step = shallowRef<{ receiptNo: string; put: number; all: number } | null>(null)

  async function receive(): Promise<CaseAnswer | Failure> {
    // Which of two windows is right is said before a case is made of either.
    const differs = intake.received ? null : await of.disagreement()
    if (differs) return differs
    const area = plainArea(intake.area)
    const body = {
      item: intake.item, applicant: applicantOf(intake), form: formAnswers(intake, item()), urgent: intake.urgent, idempotency_key: draft,
      ...(area === null ? {} : { area_m2: area }),
    }
    const received = intake.received
      ? await client.once<CaseAnswer>(casePath(intake.received.site, intake.received.case))
      : await client.post<CaseAnswer>(casesPath(), body)
    if (!received.ok) {
      if (!intake.received) intake.unsure = received.failure.kind !== 'http'
      return received.failure
    }
    let answer = received.data
    const { site, case: id, receipt_no: no } = answer.case
    intake.received = { site, case: id, no }
    intake.unsure = false
    await of.save()
    const files = Object.entries(intake.files)
    for (const [i, [material, file]] of files.entries()) {
      step.value = { receiptNo: answer.case.receipt_no, put: i, all: files.length }
      if (answer.case.materials.some((one) => one.key === material && one.file?.file === file.file)) continue
      const put = await perform(
        site, id, { act: 'put_material', material, file: file.file, name: file.name }, `${draft}-${material}-${file.file.slice(0, 8)}`)
      if (!put.ok) return put.failure
      answer = put.data
    }
    step.value = { receiptNo: answer.case.receipt_no, put: files.length, all: files.length }
    return answer
  }
  return { step, receive }
}
