import { type AppRule, type AppTopic, known } from "./app-rule.ts";

const poolRules: readonly AppRule[] = [
  {
    kind: "pool-exhausted",
    words:
      /\bConnection is not available, request timed out after|\bserver reached (?:pm\.)?max_children|\bseems busy \(you may need to increase pm\./,
  },
  {
    kind: "pool-exhausted",
    words:
      /\bQueuePool limit of size|\bTimeout waiting for connection from pool|\bCould not get a resource from the pool/i,
  },
  {
    kind: "pool-exhausted",
    words:
      /\btimeout acquiring|\bacquire ?timeout|\bTimeoutError: ResourceRequest timed out|\bAcquireTimeoutError|\btimeout exceeded when trying to connect/i,
  },
  {
    kind: "pool-exhausted",
    words:
      /\bcould not obtain a (?:database )?connection (?:from the pool )?within|\bprior to obtaining a connection from the pool|\bTimed out fetching a new connection from the connection pool|\bPoolTimeout(?:Error)?\b|\bpool (?:is )?(?:exhausted|probably full|timed out)|\bPool (?:exhausted|timeout)\b/i,
  },
  {
    kind: "pool-exhausted",
    words:
      /\bMaximum number of threads \(\d+\) created|\brejected from java\.util\.concurrent\.ThreadPoolExecutor|\bRejectedExecutionException|\bthread ?pool starvation/i,
  },
];

const memoryRules: readonly AppRule[] = [
  {
    kind: "out-of-memory",
    words:
      /\bOutOfMemoryError|\bheap out of memory|\bOutOfMemoryException|\bNoMemoryError|\bstd::bad_alloc|\bMemoryError\b/,
  },
  {
    kind: "out-of-memory",
    words:
      /\bPerhaps out of memory\?|\bsignal: killed|\bruntime: out of memory|\bOut of memory: Kill|\bAllowed memory size of \d+ bytes exhausted|\bCannot allocate memory|\bENOMEM\b/i,
  },
];

const workerRules: readonly AppRule[] = [
  {
    kind: "worker-timeout",
    words:
      /\bWORKER TIMEOUT \(pid:|\bTerminating timed out worker|\bHARAKIRI ON WORKER|\bPID:\d+ timeout \(\d+s > \d+s\), killing|\bexecution timed out \([\d.]+ sec\), terminating/i,
  },
  {
    kind: "worker-killed",
    words:
      /\bWorker \(pid:\d+\) was (?:sent|terminated by|terminated due to) (?:signal )?(?:SIG\w+|\d+)|\bexited on signal (?:\d+|SIG\w+)|\bkilled by signal \d+|\bterminated by signal \d+/i,
  },
  {
    kind: "worker-killed",
    words:
      /\bsegfault\b|\bSegmentation fault|\bSIGSEGV\b|\bA fatal error has been detected by the Java Runtime Environment|\bSIGABRT\b|\bcore dumped\b/,
  },
];

const descriptorRules: readonly AppRule[] = [
  {
    kind: "descriptors",
    words: /\bEMFILE\b|\bENFILE\b|\btoo many open files|\bNo file descriptors available/i,
  },
];

const overloadRules: readonly AppRule[] = [
  {
    kind: "overload",
    words:
      /\bExceeded concurrency limit|\blisten queue of socket .{0,80}full|\bserver (?:is )?overloaded|\bqueue (?:is )?full\b|\bevent loop (?:is )?blocked|\bas of ".{0,80}" heartbeat has been running/i,
  },
];

const portRules: readonly AppRule[] = [
  {
    kind: "port-in-use",
    words:
      /\bEADDRINUSE\b|\baddress already in use|\bAddress in use\b|\bPort (\d{2,5}) (?:was already|is already) in use|\bFailed to bind to address/i,
    details: (m, text) => {
      const port = Number(
        m[1] ?? /:(\d{2,5})\b(?!.*:\d{2,5}\b)/.exec(text)?.[1] ?? /\bport (\d{2,5})/i.exec(text)?.[1],
      );
      return known({ port: port > 0 && port <= 65_535 ? port : undefined });
    },
  },
];

export const poolTopic: AppTopic = {
  stems: [
    "pool",
    "max_children",
    "acquir",
    "resourcerequest",
    "connection is not available",
    "seems busy",
    "exceeded when trying",
    "could not obtain",
    "number of threads",
    "rejected",
  ],
  rules: poolRules,
};
export const memoryTopic: AppTopic = {
  stems: ["memory", "bad_alloc", "signal: killed", "ENOMEM"],
  rules: memoryRules,
};
export const workerTopic: AppTopic = {
  stems: [
    "worker (",
    "worker timeout",
    "out worker",
    "on worker",
    "timeout (",
    "execution timed",
    "on signal",
    "by signal",
    "segfault",
    "segmentation",
    "SIGSEGV",
    "SIGABRT",
    "java runtime",
    "core dumped",
  ],
  rules: workerRules,
};
export const descriptorTopic: AppTopic = {
  stems: ["emfile", "enfile", "open files", "descriptors available"],
  rules: descriptorRules,
};
export const overloadTopic: AppTopic = {
  stems: ["concurrency limit", "listen queue", "overloaded", "queue", "event loop", "heartbeat"],
  rules: overloadRules,
};
export const portTopic: AppTopic = {
  stems: ["EADDRINUSE", "already in use", "address in use", "failed to bind"],
  rules: portRules,
};
