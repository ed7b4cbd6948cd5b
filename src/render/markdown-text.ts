/** Hostile text in Markdown: what it says is shown, what it would do is not done. */

/**
 * Inline text. Markdown's own signs, HTML, table pipes, links that renderers make by themselves, and
 * mentions that would ring somebody. Line breaks are gone before (`visible`).
 */
export const inline = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]#|~$]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/:(?=\/\/)/g, "\\:")
    .replace(/\b(www)\./gi, "$1\\.")
    // An invisible joiner after @ is what keeps chat programs and forges from notifying.
    .replaceAll("@", "@\u2060")
    .replace(/^[-+=]/, "\\$&")
    .replace(/^(\d+)([.)])/, "$1\\$2");

/** Inline code whose fence is longer than any run of backticks in it (CommonMark 6.1). */
export function code(text: string): string {
  const fence = "`".repeat(longestRun(text) + 1);
  const pad = text.startsWith("`") || text.endsWith("`") || text.trim() !== text || text === "" ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** Inline code in a table cell: GFM splits cells at pipes before it looks for code. */
export const cellCode = (text: string): string => code(text).replaceAll("|", "\\|");

/** A fenced block, each line as it is, closed only by its own end (CommonMark 4.5). */
export function codeBlock(lines: readonly string[], language: string, indent = ""): string[] {
  const fence = "`".repeat(Math.max(3, ...lines.map((line) => longestRun(line) + 1)));
  return [`${fence}${language}`, ...lines, fence].map((line) => indent + line);
}

const longestRun = (text: string): number =>
  Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
