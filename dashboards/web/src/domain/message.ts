// A text to be shown: its key in the language files and what to fill in. Decisions return these, pages translate them.
export interface Message {
  key: string
  values?: Record<string, string | number>
}
