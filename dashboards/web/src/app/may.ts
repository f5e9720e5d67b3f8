// What the one who is logged in may do here, and the words for who may. The server refuses the rest whatever is shown.
import { kWhoMay, may, type Act } from '@/domain/roles'

import { useSession } from './session'
import { useTexts } from './texts'

export function useMay() {
  const { logIn } = useSession()
  const { t } = useTexts()
  return {
    may: (act: Act) => may(logIn.user.value, act),
    // 您的角色只能看报警。可处理的角色：…
    whoMay: (act: Act) => t(`mayNot.${act}`, { roles: kWhoMay[act].map((role) => t(`role.${role}`)).join(t('list.comma')) }),
  }
}
