import type { AppSignal, LoggedRequest, Traffic } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { see } from "../see.ts";

/** A resolver's timeout; lost lookups show as answers late by a multiple of it. */
const resolverMs = 5000;
const nearMs = 120_000;

/**
 * CoreDNS answers late or loses lookups: too few or throttled pods, and `ndots: 5` makes four
 * lookups of each outside name. Calls take 5 s or 10 s longer, or fail with "try again".
 */
export const corednsOverloadNdots = defineCause({
  id: "coredns-overload-ndots",
  title: "Cluster DNS is overloaded and lookups are late or lost",
  hop: "dns",
  codes: [502, 503, 504],
  prior: 0.015,
  leadsTo: [
    "slow-dependency",
    "readiness-probe-timeout-flapping",
    "worker-pool-exhausted",
    "app-emitted-5xx",
  ],
  needs: ["dns", "appLog"],
  helps: ["traffic", "pods", "patterns"],
  weigh({ dns, appLog, traffic, pods }) {
    if (dns.readyEndpoints === 0)
      return refuted(
        speaksAgainst.decisive(
          "no DNS endpoint is ready: it is down, not slow",
          "EndpointSlices of the DNS Service",
        ),
      );
    const failures = traffic.state === "present" ? traffic.value.failures : [];
    const late = appLog.filter(
      (s) =>
        s.kind === "dns-error" &&
        (s.detail === "timeout" || s.detail === "servfail" || s.detail === "unknown") &&
        isNear(s, failures),
    );
    const timeouts = dns.errors.filter((e) => e.kind === "timeout");
    const steps = traffic.state === "present" ? stepsOfFive(traffic.value) : 0;
    const sample = late[0];
    if (sample === undefined && timeouts.length === 0)
      return refuted(
        speaksAgainst.strong(
          "neither the application nor CoreDNS tells of lookups that timed out",
          "application and CoreDNS logs",
        ),
      );
    const clues: Clue[] = [];
    if (sample !== undefined)
      clues.push(
        speaksFor.strong(
          `the application could not resolve names for a while: ${sample.line.slice(0, 160)} (${late.length} lines)`,
          `log of ${sample.namespace}/${sample.pod}`,
        ),
      );
    if (timeouts[0] !== undefined)
      clues.push(
        speaksFor.strong(
          `CoreDNS logs ${timeouts.length} timeouts: ${timeouts[0].line.slice(0, 160)}`,
          "log of CoreDNS",
          {
            see: see.shell(
              "kubectl",
              "logs",
              "-n",
              "kube-system",
              "-l",
              "k8s-app=kube-dns",
              "--tail=50",
              "--prefix",
            ),
          },
        ),
      );
    if (steps > 0)
      clues.push(
        speaksFor.strong(
          `${steps} answers came later by multiples of ${resolverMs / 1000} s`,
          "gateway access log, durations",
          { group: "steps" },
        ),
      );
    const restarted = dns.pods.some((p) =>
      p.containers.some((c) => c.terminations.some((t) => t.reason === "OOMKilled")),
    );
    if (restarted) clues.push(speaksFor.moderate("a CoreDNS container was OOMKilled", "CoreDNS Pods"));
    if (sample === undefined || clues.length < 2)
      return undecided(
        "signs of late lookups on one side only",
        see.list("pods", "kube-system", "k8s-app=kube-dns"),
        clues,
      );
    const explains = (request: LoggedRequest): boolean =>
      (request.failure === "response-timeout" || request.failure === "app-status") &&
      late.some((s) => s.timeMs === undefined || Math.abs(s.timeMs - request.endMs) <= nearMs);
    const policy =
      pods.state === "present"
        ? pods.value[0]?.spec.dnsConfig?.options?.find((o) => o.name === "ndots")?.value
        : undefined;
    return {
      state: "supported",
      subject: dns.deployment?.ref ?? { kind: "Service", namespace: "kube-system", name: "kube-dns" },
      clues,
      explains,
      fixes: [
        {
          title: `More CoreDNS replicas or CPU, or NodeLocal DNSCache; call outside names with a final dot, or set dnsConfig ndots 2 (now ${policy ?? "5, the default"})`,
          applicability: "display-only",
          commands: [
            see.shell(
              "kubectl",
              "scale",
              "deployment/coredns",
              "-n",
              "kube-system",
              `--replicas=${Math.max(3, dns.pods.length * 2)}`,
            ),
          ],
        },
      ],
    };
  },
});

function isNear(signal: AppSignal, failures: readonly LoggedRequest[]): boolean {
  return signal.timeMs === undefined || failures.some((f) => Math.abs(f.endMs - signal.timeMs!) <= nearMs);
}

/** Failures whose duration is 5, 10 or 15 s and a little. */
const stepsOfFive = (traffic: Traffic): number =>
  traffic.failures.filter(
    (f) =>
      f.failure !== "connect-timeout" &&
      f.durationMs >= resolverMs &&
      f.durationMs < 4 * resolverMs &&
      f.durationMs % resolverMs < 400,
  ).length;
