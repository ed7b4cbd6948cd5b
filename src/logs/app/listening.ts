import { type AppDetails, type AppRule, type AppTopic, known } from "./app-rule.ts";

/**
 * Words with which servers say where they listen. Only servers that print what they bind are believed
 * when they say "localhost"; in a line of the application's own making that is mostly decoration.
 */
const host = String.raw`(\[[0-9a-fA-F:.%]*\]|::ffff:[\d.]+|[0-9a-fA-F]*::[0-9a-fA-F]*|[\w.*+-]*)`;
const verb = String.raw`\b(?:listening|listens|running|serving|started|starting|available|launched|bound|ready|exposed)\b`;

const debuggers = /debugger|inspector|dt_socket|jdwp|devtools/i;

const pattern = (text: string): RegExp => new RegExp(text, "i");

/** A complaint about somebody else's address is no word about one's own. */
const complaints = /exception|unable ?to ?connect|could not|cannot|can't|failed|timed out|refused/i;

const complaint = (unless: RegExp | undefined): RegExp =>
  unless === undefined ? complaints : new RegExp(`${unless.source}|${complaints.source}`, "i");

const listeningRules: readonly AppRule[] = [
  { kind: "listening", words: pattern(`bound on host ${host} and port (\\d{2,5})`), details: bound },
  {
    kind: "listening",
    words: pattern(`\\bNow listening on: (?:\\w+://)?${host}:(\\d{2,5})`),
    details: bound,
  },
  {
    kind: "listening",
    words: pattern(`(?:Puma|\\*) ?Listening on (?:\\w+://)?${host}:(\\d{2,5})`),
    details: bound,
  },
  { kind: "listening", words: pattern(`Uvicorn running on (?:\\w+://)?${host}:(\\d{2,5})`), details: bound },
  { kind: "listening", words: pattern(`Listening at: (?:\\w+://)?${host}:(\\d{2,5})`), details: bound },
  {
    kind: "listening",
    words: pattern(`Starting development server at (?:\\w+://)?${host}:(\\d{2,5})`),
    details: bound,
  },
  { kind: "listening", words: pattern(`\\* Running on (?:\\w+://)${host}:(\\d{2,5})`), details: bound },
  {
    kind: "listening",
    words: pattern(`Development Server \\((?:\\w+://)?${host}:(\\d{2,5})\\) started`),
    details: bound,
  },
  {
    kind: "listening",
    words: pattern(`Server running on \\[(?:\\w+://)${host}:(\\d{2,5})\\]`),
    details: bound,
  },
  {
    kind: "listening",
    words: pattern(`Live Development Server is listening on ${host}:(\\d{2,5})`),
    details: bound,
  },
  { kind: "listening", words: pattern(`bind address ${host}\\)?.{0,40}port (\\d{2,5})`), details: bound },
  {
    kind: "listening",
    words: pattern(`listening on IPv[46] address "${host}", port (\\d{2,5})`),
    details: bound,
  },
  { kind: "listening", words: pattern(`listening on addr=${host}:(\\d{2,5})`), details: bound },
  { kind: "listening", words: pattern(`listening on address: ${host}, port: (\\d{2,5})`), details: bound },
  { kind: "listening", words: pattern(`Endpoint with \\S+ \\S+ at ${host}:(\\d{2,5})`), details: bound },
  { kind: "listening", words: /\bready for connections.{0,120}\bport: (\d{2,5})/i, details: portOnly },
  { kind: "listening", words: /\bRunning mode=\w+, port=(\d{2,5})/, details: portOnly },
  { kind: "listening", words: /\bWEBrick::HTTPServer#start: pid=\d+ port=(\d{2,5})/, details: portOnly },
  {
    kind: "listening",
    words: /(?:Tomcat|Netty|Undertow|Jetty|Server) (?:started|initialized) on ports?(?:\(s\))?:? (\d{2,5})/i,
    unless: /initialized/i,
    details: portOnly,
  },
  {
    kind: "listening",
    words: pattern(`^[^\\w]*(?:Local|Loopback):\\s+https?://${host}:(\\d{2,5})`),
    details: unsaid,
  },
  {
    kind: "listening",
    words: pattern(`${verb}.{0,80}?(?:https?|tcp|grpc|h2c|ws)://${host}:(\\d{2,5})\\b`),
    unless: debuggers,
    details: said,
  },
  {
    kind: "listening",
    words: pattern(
      `${verb}.{0,60}?(?:\\b(?:on|at|from|address|addr)\\b[:=]?\\s*"?)${host}:(\\d{2,5})\\b(?![.:]\\d)`,
    ),
    unless: debuggers,
    details: said,
  },
  {
    kind: "listening",
    words:
      /\b(?:listening|running|serving|started|starting|up)\b.{0,60}?\bports?(?:\(s\))?\b\s*(?:is\s+)?[:=#]?\s*"?(\d{2,5})\b(?![.:]\d)/i,
    unless: debuggers,
    details: portOnly,
  },
  {
    kind: "listening",
    words: /\blistening (?:on|at):? (\d{2,5})\b(?![.:]\d)/i,
    unless: debuggers,
    details: portOnly,
  },
];

/** What a server prints of the address that it has bound. */
function bound(m: RegExpExecArray): AppDetails {
  return known({ address: addressOf(m[1] ?? ""), port: portOf(m[2]) });
}

/** A line of the application's own making: "localhost" in it says nothing of the address that was bound. */
function said(m: RegExpExecArray): AppDetails {
  const name = (m[1] ?? "").toLowerCase();
  const isAddress = name === "" || /^[[\d:*+]/.test(name);
  return known({ address: isAddress ? addressOf(name) : "*", port: portOf(m[2]) });
}

function unsaid(m: RegExpExecArray): AppDetails {
  return known({ address: "*", port: portOf(m[2]) });
}

function portOnly(m: RegExpExecArray): AppDetails {
  return known({ address: "*", port: portOf(m[1]) });
}

function portOf(text: string | undefined): number | undefined {
  const port = Number(text);
  return port > 0 && port <= 65_535 ? port : undefined;
}

/** ":8080" binds every address, as "*" and "+" do. */
function addressOf(text: string): string {
  const name = text.replace(/^\[|\]$/g, "").toLowerCase();
  if (name === "" || name === "*" || name === "+") return "::";
  return name === "localhost" ? "127.0.0.1" : name;
}

export const listeningTopic: AppTopic = {
  stems: [
    "listen",
    "running",
    "serving",
    "start",
    "launched",
    "bound",
    "ready",
    "available",
    "exposed",
    "development server",
    "server running",
    "bind address",
    "endpoint with",
    "mode=",
    "local:",
    "loopback:",
    "up on",
    "up at",
    "up, ",
    "network:",
  ],
  rules: listeningRules.map((rule) => ({ ...rule, unless: complaint(rule.unless) })),
};
