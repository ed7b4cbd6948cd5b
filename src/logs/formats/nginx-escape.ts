/** Undoes nginx's default escaping of logged values (\xHH); the bytes are read as UTF-8. */
export function unescapeNginx(text: string): string {
  if (!text.includes("\\x")) return text;
  const bytes = text.replace(/\\x([0-9A-Fa-f]{2})|[^\\]+|\\/g, (part, hex: string | undefined) =>
    hex === undefined
      ? Buffer.from(part, "utf8").toString("latin1")
      : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** Undoes escape=json. Broken escapes are left as they are. */
export function unescapeJson(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(u[0-9A-Fa-f]{4}|["\\/bfnrt])/g, (_, code: string) =>
    code.length === 5 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (simple[code] ?? code),
  );
}

const simple: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
