import type { AppRule } from "./app-rule.ts";
import { connectRules, dnsRules } from "./connections.ts";
import { dependencyRules } from "./dependency.ts";
import { shutdownRules, startedRules, startFailedRules } from "./lifecycle.ts";
import { descriptorRules, memoryRules, overloadRules, poolRules, portRules, workerRules } from "./limits.ts";
import { listeningRules } from "./listening.ts";
import { missingConfigRules, permissionRules, tlsRules } from "./security.ts";

/** In the order in which they are tried: the more telling words first. */
export const appRules: readonly AppRule[] = [
  ...portRules,
  ...descriptorRules,
  ...memoryRules,
  ...workerRules,
  ...poolRules,
  ...dnsRules,
  ...tlsRules,
  ...dependencyRules,
  ...connectRules,
  ...permissionRules,
  ...missingConfigRules,
  ...overloadRules,
  ...shutdownRules,
  ...listeningRules,
  ...startedRules,
  ...startFailedRules,
];

/** Stems of which every line that a rule matches has at least one: the cheap first look at a line. */
export const stems =
  /listen|running|serving|start|launch|bound|bind|ready|avail|expos|local:|loopback:|refused|time|reset|unreach|resol|lookup|getaddrinfo|unknown|no such|no route|denied|auth|pass|too many|max|read-?only|exist|pool|memory|heap|alloc|kill|signal|sig[a-z]{3}|worker|seg|e[mn]file|descriptor|x509|tls|ssl|cert|\\x16|\\u0016|0x16|hpe_|permission|errno|[EF][A-Z]{3}|env|missing|required|must|not set|keyerror|limit|overload|full|shut|panic|trace|exception|error|fatal|fail|cannot|could not|connect|broken|module|exit|loading|clusterdown|endpoint with|harakiri|stop|nxdomain|name|upstream|goroutine|blocked|heartbeat|invalid|exec|mode=|webrick|server|rejected|core dumped|emerg|in use|emfile|handling|caught|received/i;
