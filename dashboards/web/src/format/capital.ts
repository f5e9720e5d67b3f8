// A plain first word as a sentence begins with it; a name (v12, edge.toml, calendar:2) and a language without capitals stay as they are.
export const capital = (text: string): string => text.replace(/^[a-z]+(?=$|[\s,;'])/, (word) => word.charAt(0).toUpperCase() + word.slice(1))
