import { someOf } from "../names.ts";
import { refText } from "../../evidence/object-ref.ts";
import type { AppSignal, LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { see } from "../see.ts";

/**
 * The cluster's DNS does not answer: CoreDNS pods not ready, crashing, killed for memory. No name
 * inside the cluster resolves, so applications fail or hang wherever they call something.
 */
export const clusterDnsDown = defineCause({
  id: "cluster-dns-down",
  title: "The cluster's DNS does not answer",
  hop: "dns",
  codes: [500, 502, 503, 504],
  prior: 0.02,
  leadsTo: [
    "dns-upstream-resolution-failure",
    "dependency-down",
    "dependency-misaddressed",
    "slow-dependency",
    "app-emitted-5xx",
    "readiness-probe-too-strict",
    "readiness-probe-timeout-flapping",
    "crash-loop-backoff",
    "no-endpoints-pods-not-ready",
    "proxy-read-timeout-too-short",
  ],
  needs: ["dns"],
  helps: ["appLog", "traffic"],
  weigh({ dns, appLog, traffic }) {
    const service = {
      kind: "Service",
      namespace: dns.service?.metadata?.namespace ?? "kube-system",
      name: dns.service?.metadata?.name ?? "kube-dns",
    };
    const down = dns.readyEndpoints === 0;
    const failing = appLog.state === "present" ? appLog.value.filter((s) => s.kind === "dns-error") : [];
    const names = new Set(failing.flatMap((s) => s.peer ?? []));
    if (!down) {
      const text = `${dns.readyEndpoints} ready DNS endpoints`;
      return refuted(
        speaksAgainst.decisive(text, `EndpointSlices of ${refText(service)}`, {
          see: see.list("endpointslices", service.namespace, `kubernetes.io/service-name=${service.name}`),
        }),
      );
    }
    if (dns.service === undefined && dns.pods.length === 0)
      return undecided(
        "the cluster's DNS Service was not found under its usual names",
        see.list("services", "kube-system"),
      );
    const states = dns.pods.map(
      (p) => `${p.ref.name} ${p.containers.find((c) => c.waiting)?.waiting?.reason ?? p.phase}`,
    );
    const clues: Clue[] = [
      speaksFor.strong(
        `${refText(service)} has no ready endpoint${states.length === 0 ? " and no pod" : `: ${someOf(states)}`}`,
        `EndpointSlices of ${refText(service)}`,
        { see: see.list("pods", service.namespace, "k8s-app=kube-dns") },
      ),
      ...dnsComplaints(failing, names.size),
    ];
    const killed = dns.pods
      .flatMap((p) => p.containers.flatMap((c) => c.terminations))
      .find((t) => t.reason === "OOMKilled");
    if (killed !== undefined)
      clues.push(speaksFor.moderate("its container was OOMKilled", "CoreDNS Pods .status.containerStatuses"));
    if (clues.length === 1 && traffic.state !== "present")
      clues.push(speaksFor.moderate("every name lookup in the cluster goes there", refText(service)));
    return {
      state: "supported",
      subject: dns.deployment?.ref ?? service,
      clues,
      ...(failing.length > 0 ? { explains: isNameFailure } : {}),
      fixes: [
        {
          title: `Bring CoreDNS back: read its pods' state and log${killed === undefined ? "" : ", raise its memory limit"}`,
          applicability: "display-only",
          commands: [
            see.list("pods", service.namespace, "k8s-app=kube-dns"),
            see.shell(
              "kubectl",
              "logs",
              "-n",
              service.namespace,
              "-l",
              "k8s-app=kube-dns",
              "--tail=50",
              "--prefix",
            ),
          ],
        },
      ],
    };
  },
});

/** What an application that cannot resolve names does to a request: hang, or answer with an error. */
const isNameFailure = (request: LoggedRequest): boolean =>
  request.failure === "response-timeout" ||
  request.failure === "app-status" ||
  request.failure === "no-endpoint";

function dnsComplaints(failing: readonly AppSignal[], names: number): Clue[] {
  const sample = failing[0];
  if (sample === undefined) return [];
  return [
    speaksFor.strong(
      `the application cannot resolve ${names === 1 ? "a name" : `${names} names`}: ${sample.line.slice(0, 160)}`,
      `log of ${sample.namespace}/${sample.pod}`,
    ),
  ];
}
