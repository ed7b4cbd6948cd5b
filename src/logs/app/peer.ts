/** Ways in which logs name the other end of a connection; the most telling first. */
const patterns: readonly RegExp[] = [
  /dial (?:tcp|udp) ([^\s:[\]]+|\[[0-9a-f:.%\w]+\]):(\d{1,5})/i,
  /\b(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET|ECONNABORTED) ([^\s:[\]]+|\[?[0-9a-f:]+\]?):(\d{1,5})\b/,
  /host='([^']{1,253})', port=(\d{1,5})/,
  /server at "([^"]{1,253})"(?: \([^)]*\))?, port (\d{1,5})/,
  /on host "([^"]{1,253})"[^?]{0,80}port (\d{1,5})/,
  /for "([^"]{1,253})" port (\d{1,5})/,
  /refused: ([\w.-]{1,253})\/[\d.[\]:a-f]*?:(\d{1,5})\b/i,
  /(?:connect|connecting|connected|connection|CONNECT) (?:to|with) (?:\w+ (?:on|at) )?"?(?:\w+:\/\/)?([\w.-]{1,253}):(\d{1,5})\b/i,
  /upstream: "\w+:\/\/([^/":[\]]+|\[[0-9a-f:]+\]):(\d{1,5})/,
  /ipv[46]:(?:%5B)?([0-9a-f.:]+?)(?:%5D)?:(\d{1,5})\b/i,
  /\b(?:tcp|redis|rediss|postgres|postgresql|mysql|mongodb|amqp|amqps|http|https|grpc|nats|kafka):\/\/(?:[^\s@/]{0,200}@)?([\w.-]{1,253}):(\d{1,5})\b/,
  /(?<![\w/.@-])((?:\d{1,3}\.){3}\d{1,3}):(\d{1,5})\b/,
  /(?<![\w/.@:$-])([a-z][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,6}):(\d{2,5})\b(?![:.]\d)/i,
];

const sourceFile = /\.(?:js|mjs|cjs|ts|tsx|py|go|java|kt|rb|rs|php|cs|ex|exs|c|cc|cpp|h|scala|sh|lua)$/i;
const notHosts: ReadonlySet<string> = new Set([
  "line",
  "port",
  "error",
  "code",
  "pid",
  "status",
  "errno",
  "at",
  "level",
]);

/** "orders:8080" or "10.42.0.9:5432" when the text names such an address. */
export function peerIn(text: string): string | undefined {
  for (const pattern of patterns) {
    const m = pattern.exec(text);
    if (m === null) continue;
    const [, host = "", port = ""] = m;
    if (Number(port) > 65_535 || sourceFile.test(host) || notHosts.has(host.toLowerCase())) continue;
    return `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
  }
  return undefined;
}
