/** The lines of the README's shell blocks, with the heading they stand under. */
export interface ShellLine {
  readonly heading: string;
  readonly line: string;
}

export function shellLines(markdown: string): ShellLine[] {
  const lines: ShellLine[] = [];
  let heading = "";
  let isShell = false;
  for (const line of markdown.split("\n")) {
    if (line.startsWith("```")) isShell = line === "```sh";
    else if (isShell && line.trim() !== "") lines.push({ heading, line });
    else if (line.startsWith("#")) heading = line.replace(/^#+ /, "");
  }
  return lines;
}

/** What stands between `<!-- begin NAME -->` and its end. Throws when there is no such place. */
export function section(markdown: string, name: string): string {
  const [begin, end] = [`<!-- begin ${name} -->\n`, `<!-- end ${name} -->`];
  const from = markdown.indexOf(begin);
  const to = markdown.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`the README has no section ${name}`);
  return markdown.slice(from + begin.length, to).trim();
}

export function withSection(markdown: string, name: string, text: string): string {
  const [begin, end] = [`<!-- begin ${name} -->\n`, `<!-- end ${name} -->`];
  const from = markdown.indexOf(begin) + begin.length;
  const spaced = text.startsWith("|") ? `\n${text}\n\n` : `${text}\n`;
  return markdown.slice(0, from) + spaced + markdown.slice(markdown.indexOf(end, from));
}
