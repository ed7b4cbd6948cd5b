/** Whether the whole text is what the pattern says, in which * stands for any part. */
export const fitsPattern = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`, "s").test(text);

const escaped = (part: string): string => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
