import { probesOf } from "../../derive/probes.ts";
import type { PodView } from "../../derive/views.ts";
import { type ObjectRef, refText } from "../../evidence/object-ref.ts";
import type { FailureClass } from "../../logs/traffic.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { joinMs } from "../lifetimes.ts";
import { alive, ownerOf } from "../pods.ts";
import { atAddress, failedAttempts, ipOf } from "../requests.ts";
import { see } from "../see.ts";
import type { Fix } from "../fix.ts";
import { templateFix } from "../template-fix.ts";

const dead: readonly FailureClass[] = [
  "connect-refused",
  "closed-before-header",
  "response-timeout",
  "connect-timeout",
];

/**
 * Readiness is asked on a management port while requests go to another one. When the serving port
 * dies or hangs, the pod stays ready and keeps its share of the traffic.
 */
export const probePortDiffersFromServicePort = defineCause({
  id: "probe-port-differs-from-service-port",
  title: "Readiness is checked on another port than requests go to",
  hop: "pod",
  codes: [502, 503, 504],
  prior: 0.02,
  leadsTo: [],
  needs: ["pods", "traffic"],
  helps: [],
  weigh({ pods, traffic }) {
    const struck = alive(pods).filter((pod) => {
      if (
        !pod.ready ||
        pod.targetPort === undefined ||
        probedPort(pod) === undefined ||
        probedPort(pod) === pod.targetPort
      )
        return false;
      return [...traffic.addresses].some(([address, s]) => pod.ips.includes(ipOf(address)) && isDeadNow(s));
    });
    const first = struck[0];
    if (first === undefined) {
      return refuted(
        speaksAgainst.strong(
          "no ready pod fails on its serving port while readiness asks another one",
          "gateway log against readinessProbe",
        ),
      );
    }
    const explains = atAddress(new Set(struck.flatMap((p) => p.ips)), ...dead);
    const hits = failedAttempts(traffic).filter(({ request, attempt }) => explains(request, attempt)).length;
    const owner = ownerOf(first);
    return {
      state: "supported",
      subject: owner,
      clues: [
        speaksFor.strong(
          `readiness asks port ${probedPort(first)}, requests go to port ${first.targetPort}`,
          `${refText(first.ref)} .spec.containers[].readinessProbe`,
          { see: see.field(first.ref, ".spec.containers[*].readinessProbe") },
        ),
        speaksFor.strong(
          `${hits} attempts failed at ${struck.length} pods that stayed Ready, after their serving port had answered before`,
          "gateway log against pods' Ready conditions",
        ),
      ],
      explains,
      fixes: [
        {
          title: `Let the readiness probe of ${refText(owner)} ask port ${first.targetPort}`,
          applicability: "unsafe",
          ...portFix(owner, first),
          effect: "replaces the pods",
        },
      ],
    };
  },
});

function portFix(owner: ObjectRef, pod: PodView): Pick<Fix, "commands" | "patch"> {
  const probe = probesOf(pod).find((p) => p.kind === "readiness" && p.type !== "exec");
  if (probe === undefined || pod.targetPort === undefined) return { commands: [see.edit(owner)] };
  const handler = { http: "httpGet", tcp: "tcpSocket", grpc: "grpc", exec: "exec" }[probe.type];
  const readinessProbe = { [handler]: { port: pod.targetPort } };
  return templateFix(owner, { containers: [{ name: probe.container, readinessProbe }] });
}

const probedPort = (pod: PodView): number | undefined =>
  probesOf(pod).find((p) => p.kind === "readiness" && p.type !== "exec")?.port;

/** Served until some moment, and failed at least five times since without serving again. */
function isDeadNow(s: {
  failed: number;
  lastSuccessMs?: number;
  lastFailureMs?: number;
  firstFailureMs?: number;
}): boolean {
  return (
    s.failed >= 5 &&
    s.lastSuccessMs !== undefined &&
    s.firstFailureMs !== undefined &&
    s.lastSuccessMs <= s.firstFailureMs + joinMs
  );
}
