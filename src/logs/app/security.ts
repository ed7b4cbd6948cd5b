import { type AppRule, type AppTopic, known } from "./app-rule.ts";
import { peerIn } from "./peer.ts";

/** `detail` "tls-to-plaintext": a peer spoke TLS to a port that speaks plain HTTP; "plaintext-to-tls": the other way round. */
const tlsRules: readonly AppRule[] = [
  {
    kind: "tls-error",
    words:
      /\\x16\\x03|\\u0016\\u0003|\[0x16 ?0x03|0x160x03|Invalid character found in method name|\bHPE_INVALID_METHOD\b/,
    details: (_, text) => known({ peer: peerIn(text), detail: "tls-to-plaintext" }),
  },
  {
    kind: "tls-error",
    words:
      /first record does not look like a TLS handshake|sent an HTTP request to an HTTPS server|\bHTTP_REQUEST\b.{0,40}SSL|SSL routines.{0,60}http request|unrecognized SSL message, plaintext connection|Not an SSL\/TLS record/i,
    details: (_, text) => known({ peer: peerIn(text), detail: "plaintext-to-tls" }),
  },
  {
    kind: "tls-error",
    words:
      /\bx509: |\bCERTIFICATE_VERIFY_FAILED|\bself[- ]signed certificate|\bunable to verify the first certificate|\bunable to get (?:local )?issuer certificate|\bERR_TLS_CERT|\bPKIX path building failed|\bcertificate has expired|\bCertificateExpiredException|\bcertificate verify failed/i,
    details: (_, text) => known({ peer: peerIn(text), detail: "certificate" }),
  },
  {
    kind: "tls-error",
    words:
      /\bSSLHandshakeException|\bTLS handshake error|\bremote error: tls:|\bwrong version number|\bWRONG_VERSION_NUMBER|\bserver gave HTTP response to HTTPS client|\bThe SSL connection could not be established|\bSSL handshake (?:failed|error)|\bsslv3 alert|\btlsv1 alert|\bSSLV3_ALERT/i,
    details: (_, text) => known({ peer: peerIn(text), detail: "handshake" }),
  },
];

/** `peer` is the path, or `port` the port, that was refused. */
const permissionRules: readonly AppRule[] = [
  {
    kind: "permission-denied",
    words:
      /\bbind\(\)? to \S*?:(\d{1,5}) failed \(13:|\blisten (?:tcp )?\S*?:(\d{1,5}): (?:bind: )?permission denied|\blisten EACCES:? .*?:(\d{1,5})/i,
    details: (m) => known({ port: Number(m[1] ?? m[2] ?? m[3]) }),
  },
  {
    kind: "permission-denied",
    words:
      /\bEACCES\b|\bEPERM\b|\bpermission denied\b|\[Errno 13\]|\bEROFS\b|\bread-only file system|\bAccessDeniedException\b|\bUnauthorizedAccessException\b|\boperation not permitted\b/i,
    details: (_, text) => known({ peer: /['"]?((?:\/[\w.@+-]+){1,20})/.exec(text)?.[1] }),
  },
];

/** `detail` is the name of the setting, when the line says it. */
const missingConfigRules: readonly AppRule[] = [
  {
    kind: "missing-config",
    words: /\bKeyError: '([A-Z][A-Z0-9_]{2,})'|\bkey not found: "([A-Z][A-Z0-9_]{2,})"/,
    details: (m) => known({ detail: m[1] ?? m[2] }),
  },
  {
    kind: "missing-config",
    words:
      /\benv(?:ironment)? var(?:iable)?s? ["'`$]?([A-Za-z][\w]{1,80})["'`]? (?:is |was )?(?:not set|not defined|required|missing|unset|must be set|empty|undefined)/i,
    details: (m) => known({ detail: m[1] }),
  },
  {
    kind: "missing-config",
    words:
      /\b(?:missing|required|undefined|unset)(?: \w+){0,3} env(?:ironment)?(?: var(?:iable)?s?)?:? ?["'`$]?([A-Z][A-Z0-9_]{2,})?/i,
    details: (m) => known({ detail: m[1] }),
  },
  {
    kind: "missing-config",
    words:
      /\b["'`$]?([A-Z][A-Z0-9_]{3,})["'`]? (?:environment variable )?(?:is not set|not set|must be set|must be defined|is required|is missing|is undefined|not provided)/,
    details: (m) => known({ detail: m[1] }),
  },
  {
    kind: "missing-config",
    words:
      /\bCould not resolve placeholder '([^']+)'|\bConfig validation error: "?([\w.]+)|\bImproperlyConfigured: .{0,40}?([A-Z][A-Z_]{3,})/,
    details: (m) => known({ detail: m[1] ?? m[2] ?? m[3] }),
  },
];

export const tlsTopic: AppTopic = {
  stems: [
    "x16\\x03",
    "u0016",
    "\u0016\u0003",
    "0x16",
    "method name",
    "HPE_INVALID",
    "tls:",
    "tls ",
    "tls_",
    "tlsv",
    "ssl ",
    "ssl/",
    "ssl_",
    "sslh",
    "sslv",
    "x509",
    "certificate",
    "issuer",
    "wrong version",
    "wrong_version",
    "PKIX",
    "HTTPS server",
    "HTTPS client",
  ],
  rules: tlsRules,
};
export const permissionTopic: AppTopic = {
  stems: [
    "denied",
    "EACCES",
    "EPERM",
    "EROFS",
    "errno 13",
    "file system",
    "UnauthorizedAccess",
    "not permitted",
    "failed (13",
  ],
  rules: permissionRules,
};
export const missingConfigTopic: AppTopic = {
  stems: [
    "keyerror",
    "key not found",
    "env var",
    "environment",
    "envs",
    " env",
    "not set",
    "must be",
    "is required",
    "is missing",
    "undefined",
    "unset",
    "missing",
    "required",
    "not provided",
    "placeholder",
    "validation error",
    "improperlyconfigured",
    "is not defined",
    "not defined",
    "is empty",
  ],
  rules: missingConfigRules,
};
