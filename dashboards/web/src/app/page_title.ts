import { watchEffect } from 'vue'

import { useTexts } from './texts'

export function usePageTitle(page: () => string): void {
  const { t } = useTexts()
  watchEffect(() => {
    document.title = t('app.title', { page: page() })
  })
}
