/** A title as a part of a sentence; acronyms and names keep their capitals. */
export const lowered = (title: string): string =>
  /^[A-Z][a-z]*(?: |$)/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
