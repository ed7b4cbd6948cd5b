import { type AppDetails, type AppRule, type AppTopic, known } from "./app-rule.ts";
import { peerIn } from "./peer.ts";

const as =
  (detail: string) =>
  (m: RegExpExecArray, text: string): AppDetails =>
    known({ peer: m[1] ?? peerIn(text), detail });

/** A dependency that answers, and refuses. `detail`: credentials, too-many-connections, read-only, schema, tls-required, not-serving. */
const dependencyRules: readonly AppRule[] = [
  {
    kind: "dependency-refusal",
    words: /\bpassword authentication failed for user "?([\w.@-]+)|\bAccess denied for user '?([\w.@-]+)/,
    details: (m, text) => known({ peer: peerIn(text) ?? m[1] ?? m[2], detail: "credentials" }),
  },
  {
    kind: "dependency-refusal",
    words:
      /\bNOAUTH\b|\bWRONGPASS\b|\bNOPERM\b|\binvalid username-password pair|\bAUTH failed|\bSASL authentication failed|\bMongoServerError: Authentication failed|\bACCESS_REFUSED\b|\bno pg_hba\.conf entry|\bER_ACCESS_DENIED/,
    details: as("credentials"),
  },
  {
    kind: "dependency-refusal",
    words:
      /\btoo many (?:connections|clients)\b|\bmax number of clients reached|\bconnection slots are reserved|\bER_CON_COUNT_ERROR|\bTooManyConnections|\bconnection limit exceeded/i,
    details: as("too-many-connections"),
  },
  {
    kind: "dependency-refusal",
    words:
      /\bREADONLY You can't write|\bin a read-only transaction|--(?:super-)?read-only option|\bread[- ]only (?:replica|mode|transaction|user)|\bNotWritablePrimary|\bnot master\b/i,
    details: as("read-only"),
  },
  {
    kind: "dependency-refusal",
    words:
      /\brelation "([^"]+)" does not exist|\bTable '([^']+)' doesn't exist|\bUnknown database '([^']+)'|\bdatabase "([^"]+)" does not exist|\brole "([^"]+)" does not exist|\bno such table: (\S+)|\bcolumn "?([\w.]+)"? does not exist|\bUnknown column '([^']+)'/,
    details: (m) => known({ peer: m.slice(1).find((name) => name !== undefined), detail: "schema" }),
  },
  {
    kind: "dependency-refusal",
    words:
      /\bSSL (?:connection )?(?:is )?required|\bsslmode|\brequire_secure_transport|\bno encryption\b|\bconnection requires? (?:SSL|TLS)/i,
    details: as("tls-required"),
  },
  {
    kind: "dependency-refusal",
    words:
      /\bLOADING Redis is loading|\bMISCONF Redis|\bCLUSTERDOWN\b|\bOOM command not allowed|\bthe database system is (?:starting up|shutting down|in recovery mode)/,
    details: as("not-serving"),
  },
];

export const dependencyTopic: AppTopic = {
  stems: [
    "authentication",
    "access denied",
    "access_refused",
    "NOAUTH",
    "WRONGPASS",
    "NOPERM",
    "password",
    "AUTH failed",
    "pg_hba",
    "too many",
    "toomany",
    "max number",
    "CON_COUNT",
    "ER_ACCESS",
    "limit exceeded",
    "connection slots",
    "read-only",
    "readonly",
    "read only",
    "writable",
    "not master",
    "exist",
    "unknown database",
    "unknown column",
    "no such table",
    "ssl ",
    "sslm",
    "ssl_",
    "secure_transport",
    "encryption",
    "require",
    "loading redis",
    "MISCONF",
    "CLUSTERDOWN",
    "OOM command",
    "database system",
  ],
  rules: dependencyRules,
};
