import type { FailureClass } from "../logs/traffic.ts";
import type { FindingReport, TargetReport } from "../report/report.ts";
import type { Route } from "../derive/views.ts";

/**
 * What each class of failure usually comes of, most usual first: the order in which causes that only
 * a cluster's objects could decide are worth looking at.
 */
export const usualCauses: Readonly<Record<FailureClass, readonly string[]>> = {
  "no-endpoint": [
    "no-endpoints-pods-not-ready",
    "no-endpoints-selector-mismatch",
    "no-endpoints-scaled-to-zero",
    "ingress-port-not-in-service",
    "service-missing",
    "wrong-target-port-name",
  ],
  "connect-refused": [
    "wrong-target-port-number",
    "app-listens-on-loopback",
    "app-not-listening-yet",
    "shutdown-no-prestop-race",
    "crash-loop-backoff",
    "oom-killed",
  ],
  unreachable: ["stale-endpoint-after-pod-deletion", "node-not-ready", "shutdown-no-prestop-race"],
  "connect-timeout": ["network-policy-blocks-ingress", "node-not-ready", "stale-endpoint-after-pod-deletion"],
  "closed-before-header": [
    "keepalive-idle-race",
    "oom-killed",
    "app-worker-crash",
    "shutdown-no-prestop-race",
    "backend-protocol-https-expected",
    "liveness-probe-restart-loop",
  ],
  "response-timeout": [
    "slow-dependency",
    "proxy-read-timeout-too-short",
    "worker-pool-exhausted",
    "hpa-lag",
    "hpa-max-replicas",
  ],
  "bad-response": ["grpc-h2c-mismatch", "backend-protocol-https-expected", "invalid-response-header"],
  "tls-failure": ["backend-protocol-http-expected", "upstream-tls-verify-failed"],
  truncated: ["termination-grace-too-short", "oom-killed", "app-worker-crash"],
  "local-resource": [
    "worker-connections-exhausted",
    "file-descriptor-exhaustion",
    "ingress-controller-oom-or-cpu",
  ],
  "config-answer": ["rate-limit-503", "location-denied-annotation-error", "maintenance-mode-503"],
  "app-status": ["app-emitted-5xx", "slow-dependency", "dependency-down"],
  unclassified: [],
};

/** A verdict that had nothing but logs: one line for all that was not read, and the way to read it. */
export function logTarget(target: TargetReport, route: Route, isEdge: boolean): TargetReport {
  const wouldDecide = [...new Set(target.unknown.flatMap((unknown) => unknown.wouldDecide))];
  const usual = usualOf(target);
  const findings = target.findings.map(runnable(route));
  return {
    ...target,
    route: [],
    findings: [
      ...findings.filter((finding) => finding.state === "supported"),
      ...byUsual(
        findings.filter((finding) => finding.state === "undecided"),
        usual,
      ),
      ...findings.filter((finding) => finding.state === "refuted"),
    ],
    unknown:
      wouldDecide.length === 0
        ? []
        : [
            {
              evidence: "the cluster's objects",
              reason: "only logs were read",
              wouldDecide: [
                ...usual.filter((id) => wouldDecide.includes(id)),
                ...wouldDecide.filter((id) => !usual.includes(id)),
              ],
            },
          ],
    next: nextOf(target, route, isEdge),
  };
}

/** Where the log does not say which Service it means, commands that would need its name are left out. */
const runnable =
  (route: Route) =>
  (finding: FindingReport): FindingReport => {
    const { service } = route.backend;
    if (service.kind === "Service") return finding;
    const runs = (command: string): boolean =>
      !command.includes(service.name) && !/ upstream | -n default\b/.test(command);
    const { lookAt, ...rest } = finding;
    return {
      ...rest,
      ...(lookAt !== undefined && runs(lookAt) ? { lookAt } : {}),
      clues: finding.clues.map(({ see, ...clue }) =>
        see !== undefined && runs(see) ? { ...clue, see } : clue,
      ),
      fixes: finding.fixes.map((fix) => ({ ...fix, commands: fix.commands.filter(runs) })),
    };
  };

/** Causes to look at for the classes that were seen, the most frequent class first. */
function usualOf({ symptom }: TargetReport): string[] {
  const classes = Object.entries(symptom.classes).sort(([, a], [, b]) => b - a);
  return [...new Set(classes.flatMap(([name]) => usualCauses[name as FailureClass] ?? []))];
}

function byUsual(undecided: readonly FindingReport[], usual: readonly string[]): FindingReport[] {
  const place = ({ cause, confidence }: FindingReport): number => {
    const at = usual.indexOf(cause);
    return (at === -1 ? usual.length : at) - confidence * usual.length;
  };
  return [...undecided].sort((a, b) => place(a) - place(b));
}

const isBlindStep = /^kubectl |^Get .* would decide/;

function nextOf(target: TargetReport, route: Route, isEdge: boolean): string[] {
  const kept = target.next.filter((step) => !isBlindStep.test(step));
  if (target.status === "explained") return kept;
  if (isEdge)
    return [...kept, "Read the log of the gateway behind it as well: why5xx logs EDGE_LOG GATEWAY_LOG"];
  const { service } = route.backend;
  const where =
    service.kind === "Service" ? `service/${service.name} -n ${service.namespace ?? "default"}` : "-A";
  return [...kept, `why5xx ${where} --access-log FILE --error-log FILE`];
}
