// The city's users at a box: until when an extension of now reaches. Pure.
import { kDayUs, type TimeUs } from '@/format/time'

// As kDirectoryLife of core/identity: 30 days from the moment of the extension.
export const extendedUntil = (now: TimeUs): TimeUs => now + 30 * kDayUs
