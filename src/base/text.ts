/**
 * Text from a cluster, a log or a bundle is hostile until it has been through here: it may hold
 * terminal escapes, line breaks that fake a line of ours, or marks that reverse the reading order.
 */

// oxlint-disable no-control-regex, no-misleading-character-class -- control characters are the subject

/** Colour sequences (SGR): applications colour their logs, and the colour says nothing. */
// eslint-disable-next-line no-control-regex
const colourSequence = /\u001b\[[0-9;:]*m/g;

/**
 * C0 and C1 controls, soft hyphen, zero-width and bidirectional marks (Unicode TR 36, "trojan source"),
 * line and paragraph separators, byte-order mark, variation of "invisible" tags, lone surrogates.
 */
const unsafe =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu;

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": " " };

/** One line that shows what it holds: colours dropped, every other control and invisible mark spelled out. */
export function visible(text: string): string {
  return text.replace(colourSequence, "").replace(unsafe, spelled);
}

const spelled = (char: string): string => named[char] ?? escaped(char);

const escaped = (char: string): string => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;

const plainSigns: Readonly<Record<string, string>> = {
  "→": "->",
  "←": "<-",
  "…": "...",
  "·": "-",
  "–": "-",
  "—": "-",
  "×": "x",
  "≥": ">=",
  "≤": "<=",
  "≠": "!=",
  "‘": "'",
  "’": "'",
  "“": '"',
  "”": '"',
  µ: "u",
};

/** The same text in ASCII, for a terminal whose locale is not UTF-8; what has no likeness is spelled out. */
export function ascii(text: string): string {
  return text.replace(/[^\n\u0020-\u007e]/gu, (char) => plainSigns[char] ?? escaped(char));
}

/** At most `columns` wide, with `mark` for what was cut. */
export function cut(text: string, columns: number, mark = "…"): string {
  if (displayWidth(text) <= columns) return text;
  let width = 0;
  let out = "";
  for (const char of text) {
    width += charWidth(char);
    if (width > columns - mark.length) break;
    out += char;
  }
  return out + mark;
}

/** Columns a text takes in a terminal: wide East Asian characters and emoji two, combining marks none. */
export function displayWidth(text: string): number {
  // oxlint-disable-next-line no-control-regex
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

function charWidth(char: string): number {
  if (/\p{Mn}|\p{Me}/u.test(char)) return 0;
  return wide.test(char) ? 2 : 1;
}

/** The blocks that Unicode's EastAsianWidth.txt gives as W or F, and emoji that are shown as pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** Pads on the right to `columns`, counted as a terminal shows them. */
export const padded = (text: string, columns: number): string =>
  text + " ".repeat(Math.max(0, columns - displayWidth(text)));

/**
 * Breaks at spaces so that no line is wider than `columns`; a longer word keeps a line of its own,
 * uncut, so that names and commands stay whole.
 */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** "60 s", "250 ms", "5 min", "1 h". */
export function durationText(ms: number): string {
  if (ms >= 3_600_000 && ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms >= 600_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}
