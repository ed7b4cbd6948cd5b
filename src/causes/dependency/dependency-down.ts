import type { DependencyView } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { someOf } from "../names.ts";
import { see } from "../see.ts";
import { complaintsAbout } from "./complaints.ts";
import { harm, isAppSide, whileSuffering } from "./harm.ts";

/**
 * Something the application needs is gone: its own pods are not ready, crash or do not exist. The
 * chain goes on into that Service's cause.
 */
export const dependencyDown = defineCause({
  id: "dependency-down",
  title: "A Service that the application needs has no ready pod",
  hop: "dependency",
  codes: [500, 502, 503, 504],
  prior: 0.03,
  leadsTo: [
    "app-emitted-5xx",
    "crash-loop-backoff",
    "no-endpoints-pods-not-ready",
    "readiness-probe-too-strict",
    "slow-dependency",
    "init-container-failing",
    "liveness-probe-restart-loop",
    "worker-pool-exhausted",
  ],
  needs: ["pods", "dependencies"],
  helps: ["appLog", "traffic"],
  weigh({ pods, dependencies, appLog, traffic }) {
    const down = dependencies.filter(
      (d) => d.serviceExists === true && d.portExists !== false && d.readyEndpoints === 0,
    );
    const log = appLog.state === "present" ? whileSuffering(appLog.value, pods, traffic) : [];
    const judged = down.map((d) => ({
      d,
      said: complaintsAbout(d, log, "connect-error", "dns-error", "slow-call"),
    }));
    const best = judged.find((j) => j.said.length > 0) ?? judged[0];
    if (best === undefined)
      return refuted(
        speaksAgainst.strong("every Service it is configured to call has ready endpoints", "EndpointSlices"),
      );
    const { d, said } = best;
    const service = d.service!;
    const clues: Clue[] = [
      speaksFor.strong(
        `${refText(service)} (${d.from}) has no ready endpoint${podsText(d)}`,
        `EndpointSlices of ${refText(service)}`,
        { see: see.list("endpointslices", service.namespace, `kubernetes.io/service-name=${service.name}`) },
      ),
    ];
    const sample = said[0];
    if (sample !== undefined)
      clues.push(
        speaksFor.strong(
          `the application fails at it: ${sample.line.slice(0, 180)}`,
          `log of ${sample.namespace}/${sample.pod}`,
        ),
      );
    const suffering = harm(pods, traffic);
    clues.push(...suffering);
    if (suffering.length === 0)
      return undecided(
        `${refText(service)} has no ready endpoint; nothing shows that this application suffers from it`,
        see.describe(service),
        clues,
      );
    if (sample === undefined)
      return undecided(
        `${refText(service)} has no ready endpoint; no line of the application's log that was read complains of it`,
        see.describe(service),
        clues,
      );
    return {
      state: "supported",
      subject: service,
      clues,
      explains: isAppSide,
      fixes: [
        {
          title: `Bring ${refText(service)} back: its pods first`,
          applicability: "display-only",
          commands: [see.shell("why5xx", `service/${service.name}`, "-n", service.namespace ?? "default")],
        },
      ],
      follow: service,
    };
  },
});

function podsText(d: DependencyView): string {
  const states = d.pods.map(
    (p) => `${p.ref.name} ${p.containers.find((c) => c.waiting)?.waiting?.reason ?? p.phase}`,
  );
  return states.length === 0 ? "" : `: ${someOf(states)}`;
}
