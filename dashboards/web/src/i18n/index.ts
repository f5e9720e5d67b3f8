import { createI18n } from 'vue-i18n'

import type { Locale } from '@/format/locale'

import en from './en'
import zhCN from './zh-CN'

export function createTexts(locale: Locale) {
  return createI18n({
    legacy: false,
    locale,
    fallbackLocale: 'zh-CN',
    messages: { 'zh-CN': zhCN, en },
    // A message is text; markup never comes from here.
    warnHtmlMessage: true,
  })
}
