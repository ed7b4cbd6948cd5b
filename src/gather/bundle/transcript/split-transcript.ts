/** One command of a transcript and what it printed. */
export interface Transcribed {
  readonly command: string;
  readonly output: string;
}

/** What is longer is no line that kubectl prints of an object, and would make the readers slow. */
const longestLine = 64 * 1024;

/** "$ command", "user@host:~$ command", "[root@host ~]# command". A bare "#" is a comment of YAML. */
const prompt = /^(?:\$|\[?[\w.-]+@[\w.-]+[^$#\n]{0,80}[$#]|PS [A-Z]:[^>\n]{0,120}>) +(?=\S)/;

/** Whether a text holds at least one line that asks kubectl something after a prompt. */
export function looksLikeTranscript(text: string): boolean {
  return text
    .split("\n")
    .some((line) => prompt.test(line) && /\b(?:kubectl|oc|k) +(get|describe|logs)\b/.test(line));
}

/** The commands of a transcript, in order; text before the first prompt belongs to none. */
export function splitTranscript(text: string): Transcribed[] {
  const commands: { command: string; output: string[] }[] = [];
  let isContinued = false;
  for (const whole of text.replaceAll("\r\n", "\n").split("\n")) {
    const line = whole.length > longestLine ? whole.slice(0, longestLine) : whole;
    const last = commands.at(-1);
    if (isContinued && last !== undefined) {
      last.command = `${last.command.slice(0, -1).trimEnd()} ${line.replace(/^> /, "").trim()}`;
      isContinued = last.command.endsWith("\\");
      continue;
    }
    const start = prompt.exec(line);
    if (start === null) {
      last?.output.push(line);
      continue;
    }
    const command = line.slice(start[0].length).trimEnd();
    commands.push({ command, output: [] });
    isContinued = command.endsWith("\\");
  }
  return commands.map(({ command, output }) => ({ command, output: output.join("\n").replace(/\s+$/, "") }));
}
