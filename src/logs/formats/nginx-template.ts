/** An nginx log_format: literal text and variables in turn. */
export interface Template {
  readonly parts: readonly TemplatePart[];
  readonly escape: "default" | "json" | "none";
}

export type TemplatePart = { readonly literal: string } | { readonly variable: string };

/**
 * Reads a log_format as it stands in an nginx.conf (`log_format NAME escape=json '…' '…';`) or as
 * the bare string of ingress-nginx's ConfigMap. JSON templates are taken as escape=json: with the
 * default escape nginx writes \xHH inside JSON strings, which the reader undoes as well.
 */
export function parseTemplate(text: string): Template {
  const conf = /^\s*log_format\s+\S+\s/.test(text);
  const declared = /\bescape=(default|json|none)\b/.exec(conf ? (text.split(/['"]/, 1)[0] ?? "") : "")?.[1];
  const format = conf ? quotedStrings(text) : bare(text);
  const escape = declared === "none" || declared === "json" ? declared : isJson(format) ? "json" : "default";
  return { parts: split(format), escape };
}

const isJson = (format: string): boolean => format.startsWith("{") && format.endsWith("}");

function bare(text: string): string {
  const trimmed = text.trim();
  const quote = trimmed.charAt(0);
  const wrapped = trimmed.length > 1 && (quote === "'" || quote === '"') && trimmed.endsWith(quote);
  return wrapped && quote === "'" ? quotedStrings(trimmed) : trimmed.replaceAll('\\"', '"');
}

/** nginx.conf strings one after the other, joined, with their own escapes undone. */
function quotedStrings(text: string): string {
  let joined = "";
  for (const m of text.matchAll(/'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)"/g)) {
    joined += (m[1] ?? m[2] ?? "").replace(/\\(["'\\])/g, "$1");
  }
  return joined.trim();
}

function split(format: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (const m of format.matchAll(/\$(?:\{([a-z0-9_]+)\}|([A-Za-z0-9_]+))/g)) {
    if (m.index > from) parts.push({ literal: format.slice(from, m.index) });
    parts.push({ variable: m[1] ?? m[2] ?? "" });
    from = m.index + m[0].length;
  }
  if (from < format.length) parts.push({ literal: format.slice(from) });
  return parts;
}
