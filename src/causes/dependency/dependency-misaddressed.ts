import type { DependencyView, PodView } from "../../derive/views.ts";
import { type ObjectRef, refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { alive, ownerOf } from "../pods.ts";
import { see } from "../see.ts";
import { complaintsAbout } from "./complaints.ts";
import { harm, isAppSide, whileSuffering } from "./harm.ts";
import type { Fix } from "../fix.ts";
import { templateFix } from "../template-fix.ts";

/**
 * The application is configured to call a host or port that does not exist: a typo, a Service of
 * another name or namespace, a wrong port. The dependency itself is healthy and never asked.
 */
export const dependencyMisaddressed = defineCause({
  id: "dependency-misaddressed",
  title: "The application is configured with an address that does not exist",
  hop: "dependency",
  codes: [500, 502, 503, 504],
  prior: 0.03,
  leadsTo: [
    "crash-loop-backoff",
    "app-emitted-5xx",
    "no-endpoints-pods-not-ready",
    "readiness-probe-too-strict",
    "init-container-failing",
    "liveness-probe-restart-loop",
    "slow-dependency",
    "rollout-bad-revision",
  ],
  needs: ["pods", "dependencies"],
  helps: ["appLog", "traffic"],
  weigh({ pods, dependencies, appLog, traffic }) {
    const wrong = dependencies.filter(
      (d) => d.internal && (d.serviceExists === false || d.portExists === false),
    );
    const log = appLog.state === "present" ? whileSuffering(appLog.value, pods, traffic) : [];
    const judged = wrong.map((d) => ({
      d,
      said: complaintsAbout(d, log, "dns-error", "connect-error", "slow-call"),
    }));
    const best = judged.find((j) => j.said.length > 0) ?? judged[0];
    if (best === undefined)
      return refuted(
        speaksAgainst.strong(
          "every address it is configured with names a Service and a port that exist",
          "Pods .spec.containers[].env",
        ),
      );
    const { d, said } = best;
    const clues: Clue[] = [
      speaksFor.strong(`${d.from} is ${d.address}; ${wrongness(d)}`, d.from, {
        see: see.list("services", pods[0]?.ref.namespace),
      }),
    ];
    const sample = said[0];
    if (sample !== undefined)
      clues.push(
        speaksFor.strong(
          `the application fails at it: ${sample.line.slice(0, 180)}`,
          `log of ${sample.namespace}/${sample.pod}`,
          {
            see: see.logs(
              { kind: "Pod", namespace: sample.namespace, name: sample.pod },
              sample.container,
              sample.previous,
            ),
          },
        ),
      );
    const suffering = harm(pods, traffic);
    clues.push(...suffering);
    if (sample === undefined && suffering.length === 0)
      return undecided(
        `${d.from} names ${d.address}, which does not exist; nothing shows that it matters`,
        undefined,
        clues,
      );
    const pod = alive(pods)[0] ?? pods[0];
    if (sample === undefined)
      return undecided(
        `${d.from} names ${d.address}, which does not exist; no line of the application's log that was read complains of it`,
        pod === undefined ? undefined : see.logs(pod.ref),
        clues,
      );
    return {
      state: "supported",
      subject: pod === undefined ? { kind: "Pod", name: "application" } : ownerOf(pod),
      clues,
      explains: isAppSide,
      fixes: pod === undefined ? [] : [fix(d, pod)],
    };
  },
});

function wrongness(d: DependencyView): string {
  if (d.serviceExists === false)
    return `no Service is called so${d.near.length > 0 ? `; the nearest are ${d.near.join(", ")}` : ""}`;
  return `${d.service === undefined ? d.host : refText(d.service)} has no port ${d.port}`;
}

function fix(d: DependencyView, pod: PodView) {
  const owner = ownerOf(pod);
  const meant = d.near[0];
  const value =
    meant !== undefined && d.serviceExists === false ? d.address.replace(d.host, meant) : "HOST:PORT";
  const key = d.key;
  return {
    title: `Correct ${key ?? "the address"} of ${refText(owner)}${meant !== undefined && d.serviceExists === false ? `: probably ${value}` : ""}`,
    applicability: "unsafe" as const,
    commands:
      key === undefined
        ? [see.edit(owner)]
        : [
            see.shell(
              "kubectl",
              "set",
              "env",
              `${owner.kind.toLowerCase()}/${owner.name}`,
              "-n",
              owner.namespace ?? "default",
              `${key}=${value}`,
            ),
          ],
    ...(key === undefined || value === "HOST:PORT" ? {} : envPatch(owner, pod, key, value)),
    effect: "replaces the pods",
  };
}

/** Only where the container says the value itself: one from a ConfigMap or Secret is corrected there. */
function envPatch(owner: ObjectRef, pod: PodView, key: string, value: string): Partial<Pick<Fix, "patch">> {
  const containers = pod.spec.containers
    .filter((c) => c.env?.some((e) => e.name === key && e.value !== undefined) === true)
    .map(({ name }) => ({ name, env: [{ name: key, value }] }));
  const { patch } = templateFix(owner, { containers });
  return containers.length === 0 || patch === undefined ? {} : { patch };
}
