import type { AccessFields, AccessFormat } from "./access-line.ts";
import { unescapeJson, unescapeNginx } from "./nginx-escape.ts";
import { parseTemplate, type Template, type TemplatePart } from "./nginx-template.ts";
import { fieldsFrom, isListVariable, type Values } from "./nginx-variables.ts";
import { readList } from "./upstream-lists.ts";

/**
 * A reader for any nginx `log_format`. Values are cut at the literal text that follows them in the
 * template, from the left, so the work is linear in the line; JSON templates are read the same way,
 * which also copes with numbers left unquoted (`"upstream_status": 502, 200` is no JSON).
 * Returns undefined for a template without a status or a time: its lines cannot be counted.
 */
export function nginxLogFormat(logFormat: string, name = "nginx-log-format"): AccessFormat | undefined {
  const template = parseTemplate(logFormat);
  const variables = new Set(template.parts.flatMap((part) => ("variable" in part ? [part.variable] : [])));
  const timed = ["time_local", "time_iso8601", "msec"].some((variable) => variables.has(variable));
  if (!variables.has("status") || !timed) return undefined;
  const [first] = template.parts;
  return {
    name,
    startsWithTime: first !== undefined && "variable" in first && first.variable === "time_iso8601",
    read(line: string): AccessFields | undefined {
      const values = match(line, template);
      return values === undefined ? undefined : fieldsFrom(values);
    },
  };
}

function match(line: string, template: Template): Values | undefined {
  const { parts } = template;
  const values = new Map<string, string>();
  /** The lists of one request are equally long: a request id of ": 200" behind one must not become part of it. */
  let attempts = maxAttempts;
  let at = 0;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (part === undefined) continue;
    if ("literal" in part) {
      if (!line.startsWith(part.literal, at)) return undefined;
      at += part.literal.length;
      continue;
    }
    const end =
      i === parts.length - 1
        ? line.length
        : endOfValue(line, at, part.variable, attempts, literalOf(parts[i - 1]), literalOf(parts[i + 1]));
    if (end === -1) return undefined;
    const raw = line.slice(at, end);
    if (attempts === maxAttempts && isAttemptList.test(part.variable))
      attempts = readList(raw, 0, maxAttempts).items.length;
    if (!values.has(part.variable)) values.set(part.variable, unescape(raw, template.escape));
    at = end;
  }
  return values;
}

/** More attempts than this in one request are not believed. */
const maxAttempts = 1000;
const isAttemptList =
  /^upstream_(?:addr|status|response_time|response_length|connect_time|header_time|bytes_\w+)$/;

const literalOf = (part: TemplatePart | undefined): string | undefined =>
  part !== undefined && "literal" in part ? part.literal : undefined;

function endOfValue(
  line: string,
  at: number,
  variable: string,
  attempts: number,
  before: string | undefined,
  next: string | undefined,
): number {
  if (next === undefined) return endOfAdjacent(line, at, variable);
  if (before?.endsWith('"') === true && next.startsWith('"')) return endOfQuoted(line, at, next);
  if (variable === "time_local" && line.charCodeAt(at + 20) === 32) return at + 26;
  // Where an older format has the address, a newer one has a second name in brackets.
  if (variable === "upstream_addr" && line.charCodeAt(at) === 91 && !ipv6.test(line.slice(at, at + 50)))
    return -1;
  if (isListVariable(variable) && next.startsWith(" ")) return readList(line, at, attempts).end;
  if (isUpstreamName.test(variable) && next.startsWith("]")) {
    const close = line.indexOf("]", at);
    return close !== -1 && line.startsWith(next, close) ? close : -1;
  }
  return line.indexOf(next, at);
}

const ipv6 = /^\[[0-9a-fA-F:.]*:[0-9a-fA-F:.]*\]/;

/** Names hold no brackets: the text that follows one in the template must not be found in a request id further on. */
const isUpstreamName = /^proxy_(?:alternative_)?upstream_name$/;

/** The first quote that no odd run of backslashes escapes. */
function endOfQuoted(line: string, at: number, next: string): number {
  let from = at;
  for (;;) {
    const found = line.indexOf(next, from);
    if (found === -1) return -1;
    let slashes = 0;
    while (found - 1 - slashes >= at && line.charCodeAt(found - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return found;
    from = found + 1;
  }
}

/** Two variables with nothing between: a host ends at the path, anything else at the first space or quote. */
function endOfAdjacent(line: string, at: number, variable: string): number {
  const stop = /host|server|addr/.test(variable) ? /[/"\s]/g : /["\s]/g;
  stop.lastIndex = at;
  return stop.exec(line)?.index ?? -1;
}

function unescape(raw: string, escape: Template["escape"]): string {
  if (escape === "none") return raw;
  return unescapeNginx(escape === "json" ? unescapeJson(raw) : raw);
}
