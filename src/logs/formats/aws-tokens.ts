/**
 * Cuts a line of AWS's load balancer logs into its fields: parted by spaces, some in quotes. A backslash before a quote
 * keeps it inside. At most `limit` fields are cut; a quote that never closes ends the list without its field.
 */
export function quotedTokens(line: string, limit: number): string[] {
  const tokens: string[] = [];
  let at = 0;
  while (at < line.length && tokens.length < limit) {
    const quoted = line.charCodeAt(at) === 34;
    const end = quoted ? closingQuote(line, at + 1) : line.indexOf(" ", at);
    if (quoted && end === -1) return tokens;
    const stop = end === -1 ? line.length : end;
    tokens.push(line.slice(quoted ? at + 1 : at, stop));
    at = quoted ? stop + 2 : stop + 1;
  }
  return tokens;
}

/** A quote closes a field only before a space or at the end of the line: user agents have been seen with quotes inside. */
export function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at !== -1; at = line.indexOf('"', at + 1)) {
    const after = line.charCodeAt(at + 1);
    const escaped = line.charCodeAt(at - 1) === 92 && at > from;
    if (!escaped && (after === 32 || at + 1 === line.length)) return at;
  }
  return -1;
}
