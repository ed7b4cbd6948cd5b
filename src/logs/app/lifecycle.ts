import type { AppRule, AppTopic } from "./app-rule.ts";

const shutdownRules: readonly AppRule[] = [
  {
    kind: "shutdown",
    words:
      /\b(?:received|caught|got|handling|handled|on)\b.{0,30}\b(?:sigterm|sigint|sigquit|sigwinch|signal:? ?(?:term|15|int|quit|terminated)|termination signal)\b/i,
  },
  {
    kind: "shutdown",
    words:
      /\bSIGTERM\b.{0,40}\b(?:received|caught|signal|exit\w*|shut\w*|stop\w*)|\bsignal (?:15|SIGTERM|terminated)\b/i,
  },
  {
    kind: "shutdown",
    words:
      /\bgraceful(?:ly)?[ -](?:shut(?:ting)?[ -]?down|stop\w*|exit\w*)|\bshut(?:ting)?[ -]?down gracefully/i,
  },
  {
    kind: "shutdown",
    words:
      /\bshutting down\b|\bApplication is shutting down|\bWaiting for application shutdown|\bFinished server process/i,
  },
  {
    kind: "shutdown",
    words:
      /\b(?:http|grpc): Server closed|\bUser requested shutdown|\breceived (?:smart|fast|immediate) shutdown request|\bterminating with signal/i,
  },
];

const startedRules: readonly AppRule[] = [
  {
    kind: "started",
    words: /\bStarted \S+ in [\d.]+ seconds|\bstarted in [\d.]+ ?m?s\b|\bServer startup in \[?\d+\]? m/i,
  },
  {
    kind: "started",
    words:
      /\bApplication startup complete|\bapplication successfully started|\bApplication started\b|\bresuming normal operations/i,
  },
  {
    kind: "started",
    words:
      /\bready to accept connections|\bready for connections|\bBooting worker with pid|\bserver (?:has )?started\b|\bReady in [\d.]+ ?m?s/i,
  },
];

const startFailedRules: readonly AppRule[] = [
  { kind: "start-failed", words: /\bCannot find module '([^']+)'|\bMODULE_NOT_FOUND|\bERR_MODULE_NOT_FOUND/ },
  {
    kind: "start-failed",
    words: /\b(?:ModuleNotFoundError|ImportError|SyntaxError|IndentationError|ReferenceError): /,
  },
  { kind: "start-failed", words: /^panic: |\bpanic: |^goroutine 1 \[running\]|^fatal error: / },
  {
    kind: "start-failed",
    words:
      /\bAPPLICATION FAILED TO START|\bApplication run failed|\bError creating bean with name|\bUnable to start (?:web server|embedded)/,
  },
  {
    kind: "start-failed",
    words:
      /\bException in thread "main"|\bCould not find or load main class|\bNoClassDefFoundError|\bUnsupportedClassVersionError/,
  },
  {
    kind: "start-failed",
    words: /\bUnhandled exception\. |\bUncaught \w*Error|\bUnhandledPromiseRejection|\bUncaughtException/i,
  },
  {
    kind: "start-failed",
    words:
      /\bexec format error|\bexecutable file not found|^exec .*no such file or directory|\berror while loading shared libraries/i,
  },
  {
    kind: "start-failed",
    words:
      /\bWorker failed to boot|\bApp failed to load|\bfailed to (?:start|boot|initiali[sz]e|launch)\b|\bcould not start\b/i,
  },
  {
    kind: "start-failed",
    words: /\bnpm ERR! (?:code|missing script|errno)|\bMissing script: |\bELIFECYCLE\b/,
  },
  { kind: "start-failed", words: /\b(?:exit(?:ed|ing)?) (?:with )?(?:status|code) [1-9]\d*\b/i },
  {
    kind: "start-failed",
    words:
      /\bconfiguration (?:file )?.{0,60}\b(?:test failed|invalid|could not be (?:read|parsed))|\[emerg\]/i,
  },
  {
    kind: "start-failed",
    words: /^Traceback \(most recent call last\)|^(?:\S+\.)?\w+(?:Exception|Error): /,
    atStart: true,
  },
  { kind: "start-failed", words: /^(?:\W*\d\S* \S+ )?\W*(?:FATAL|PANIC|CRITICAL)\b/, atStart: true },
];

export const shutdownTopic: AppTopic = {
  stems: [
    "sigterm",
    "sigint",
    "sigquit",
    "sigwinch",
    "signal",
    "termination",
    "graceful",
    "shut",
    "server closed",
    "server process",
  ],
  rules: shutdownRules,
};
export const startedTopic: AppTopic = {
  stems: ["started", "startup", "normal operations", "ready", "booting worker"],
  rules: startedRules,
};
export const startFailedTopic: AppTopic = {
  stems: [
    "module",
    "error",
    "panic",
    "goroutine",
    "fatal",
    "failed",
    "unable to start",
    "exception",
    "main class",
    "NoClassDef",
    "unsupportedclass",
    "unhandled",
    "uncaught",
    "exec",
    "shared libraries",
    "could not start",
    "npm ERR",
    "missing script",
    "ELIFECYCLE",
    "exit",
    "configuration",
    "emerg",
    "traceback",
    "critical",
  ],
  rules: startFailedRules,
};
