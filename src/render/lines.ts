import { displayWidth, wrapped } from "../base/text.ts";

/**
 * Wraps `text` to `width` with `lead` before its first line and as many spaces before the others.
 * `paintLead` colours the lead alone, after it was measured.
 */
export function block(
  lead: string,
  text: string,
  width: number,
  paintLead = (t: string): string => t,
): string[] {
  const indent = " ".repeat(displayWidth(lead));
  const lines = wrapped(text, Math.max(20, width - indent.length));
  return lines.map((line, i) => (i === 0 ? paintLead(lead) : indent) + line);
}

/** A command on a line of its own, never broken and with nothing before it but spaces, so that it can be pasted. */
export const commandLine = (command: string): string => " ".repeat(6) + command;
