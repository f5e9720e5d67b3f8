// The first letter as a sentence begins; a language without capitals stays as it is.
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
