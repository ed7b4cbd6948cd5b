import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { annotateIngress } from "../annotate.ts";
import { countText, failedAttempts, ipOf } from "../requests.ts";
import { see } from "../see.ts";

const fewest = 5;
/** A pinned client fails again and again; one failure each is what any broken pod does to its share. */
const fewestEach = 3;

/**
 * A sticky cookie pins clients to one pod. When that pod is slow, broken or just restarted, its
 * clients fail again and again while the others never notice.
 */
export const sessionAffinityStalePod = defineCause({
  id: "session-affinity-stale-pod",
  title: "Sticky sessions pin clients to a pod that fails",
  hop: "gateway",
  codes: [502, 503, 504],
  prior: 0.01,
  leadsTo: [],
  needs: ["route", "settings", "traffic", "pods"],
  helps: ["patterns"],
  weigh({ route, settings, traffic, pods }) {
    const affinity = settings.affinity;
    if (affinity === undefined || affinity.value === "")
      return refuted(speaksAgainst.decisive("the route has no session affinity", "gateway settings"));
    const failed = failedAttempts(traffic);
    const addresses = new Set(failed.map((f) => f.attempt.address));
    const [address] = addresses;
    if (failed.length < fewest || addresses.size !== 1 || address === undefined)
      return refuted(
        speaksAgainst.strong(
          `${failed.length} failed attempts at ${addresses.size} addresses`,
          "gateway log",
        ),
      );
    const others = [...traffic.addresses].filter(([a, s]) => a !== address && s.attempts > s.failed);
    if (others.length === 0)
      return refuted(
        speaksAgainst.strong("no other pod serves, so stickiness changes nothing", "gateway log"),
      );
    const clients = new Set(failed.map((f) => f.request.client));
    const perClient = failed.length / clients.size;
    if (perClient < fewestEach)
      return refuted(
        speaksAgainst.strong(
          `the ${failed.length} failed attempts are of ${clients.size} clients: hardly any came back, so no cookie sent them`,
          "gateway access log, clients",
        ),
      );
    const pod = pods.find((p) => p.ips.includes(ipOf(address)));
    const clues: Clue[] = [
      speaksFor.strong(
        `${countText(failed.length, failed.length, "failed attempts")} are at ${address}${pod === undefined ? "" : ` (${refText(pod.ref)})`}, by ${clients.size} clients that come back to it; ${others.length === 1 ? "the other pod serves" : `${others.length} other pods serve`}`,
        "gateway access log",
      ),
      speaksFor.moderate(`affinity is ${affinity.value}`, affinity.source),
    ];
    if (clients.size > 1)
      clues.push(
        speaksFor.strong(
          `the same clients fail ${perClient.toFixed(1)} times each, always there`,
          "gateway access log, clients",
          { group: "clients" },
        ),
      );
    return {
      state: "supported",
      subject: pod?.ref ?? route.backend.service,
      clues,
      explains: (_, attempt) => attempt?.address === address,
      fixes: [
        annotateIngress(
          route,
          "session-cookie-change-on-failure",
          "true",
          "Let clients leave a pod that fails",
        ),
        ...(pod === undefined
          ? []
          : [
              {
                title: `Replace ${refText(pod.ref)}`,
                applicability: "unsafe" as const,
                commands: [
                  see.shell("kubectl", "delete", "pod", pod.ref.name, "-n", pod.ref.namespace ?? "default"),
                ],
                effect: "its sessions are lost",
              },
            ]),
      ],
    };
  },
});
