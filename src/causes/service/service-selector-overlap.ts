import type { PodView } from "../../derive/views.ts";
import { type ObjectRef, refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { labelText, serviceRef } from "../names.ts";
import { alive } from "../pods.ts";
import { atAddress, countText, failedAttempts, ipOf } from "../requests.ts";
import { see } from "../see.ts";

/**
 * The Service's selector also matches pods of another workload: a migration Job, a second component
 * without its own label. Part of the traffic goes to pods that do not serve it, for as long as they live.
 */
export const serviceSelectorOverlap = defineCause({
  id: "service-selector-overlap",
  title: "The Service also selects pods of another workload",
  hop: "service",
  codes: [502, 503, 504, 404],
  prior: 0.02,
  leadsTo: ["wrong-target-port-name"],
  needs: ["service", "pods"],
  helps: ["traffic", "endpoints", "patterns"],
  weigh({ service, pods, traffic, endpoints }) {
    const subject = serviceRef(service);
    const source = `${refText(subject)} .spec.selector`;
    const groups = byOwner(alive(pods));
    if (groups.size < 2)
      return refuted(
        speaksAgainst.decisive(
          `all selected pods belong to ${groups.size === 0 ? "nobody" : [...groups.keys()][0]}`,
          source,
        ),
      );
    const failed = traffic.state === "present" ? failedAttempts(traffic.value) : [];
    const judged = [...groups].map(([name, group]) => ({ name, group, ...tally(group, failed, traffic) }));
    const foreign = judged.filter((j) => j.failed > 0 && j.served === 0);
    const own = judged.filter(
      (j) =>
        j.served > 0 ||
        j.group.pods.some(
          (p) => p.ready && p.targetPort !== undefined && !foreign.some((f) => f.name === j.name),
        ),
    );
    const bad = foreign.find((f) => own.some((o) => o.name !== f.name));
    const portless = judged.find(
      (j) => j.group.pods.every((p) => p.targetPort === undefined) && own.some((o) => o.name !== j.name),
    );
    const suspect = bad ?? portless;
    const text = `selector ${labelText(service.spec?.selector ?? {})} matches pods of ${[...groups.keys()].join(" and ")}`;
    if (suspect === undefined)
      return traffic.state === "present"
        ? refuted(speaksAgainst.strong(`${text}, and all of them serve`, source))
        : undecided(
            `${text}; which of them fail is not in the evidence`,
            see.list("pods", subject.namespace),
          );
    const clues: Clue[] = [
      speaksFor.strong(text, source, {
        see: see.shell(
          "kubectl",
          "get",
          "pods",
          "-n",
          subject.namespace ?? "default",
          "-l",
          labelText(service.spec?.selector ?? {}),
          "-o",
          "wide",
        ),
      }),
    ];
    if (bad !== undefined)
      clues.push(
        speaksFor.strong(
          `${countText(bad.failed, failed.length, "failed attempts")} are at pods of ${bad.name}, which answered none; the others serve`,
          "gateway log against pods' owners",
          { group: "foreign" },
        ),
      );
    const slices = endpoints.state === "present" ? endpoints.value.slicesWithoutPort : [];
    if (portless !== undefined)
      clues.push(
        speaksFor.strong(
          `pods of ${portless.name} have no port named ${String(service.spec?.ports?.[0]?.targetPort)}${slices.length > 0 ? `; slice ${slices[0]!.name} has no port` : ""}`,
          `Pods of ${portless.name}`,
        ),
      );
    if (bad === undefined && failed.length === 0)
      return undecided(
        `${text}; no failed request is known from them`,
        see.list("endpointslices", subject.namespace, `kubernetes.io/service-name=${subject.name}`),
        clues,
      );
    const ips = new Set(suspect.group.pods.flatMap((p) => p.ips));
    return {
      state: "supported",
      subject,
      clues,
      explains: (request, attempt) =>
        atAddress(ips)(request, attempt) ||
        (attempt !== undefined && isPortZero(attempt.address)) ||
        /invalid port|no port/.test(attempt?.message ?? request.message ?? ""),
      fixes: [distinguish(subject, own.find((o) => o.name !== suspect.name)?.group, suspect.group)],
    };
  },
});

const isPortZero = (address: string): boolean => address.endsWith(":0");

interface Group {
  readonly owner: ObjectRef | undefined;
  readonly pods: PodView[];
}

function byOwner(pods: readonly PodView[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const pod of pods) {
    const name = pod.owner === undefined ? refText(pod.ref) : refText(pod.owner);
    const group = groups.get(name) ?? { owner: pod.owner, pods: [] };
    group.pods.push(pod);
    groups.set(name, group);
  }
  return groups;
}

function tally(
  group: Group,
  failed: ReturnType<typeof failedAttempts>,
  traffic: {
    state: string;
    value?: { addresses: ReadonlyMap<string, { attempts: number; failed: number }> };
  },
): { failed: number; served: number } {
  const ips = new Set(group.pods.flatMap((p) => p.ips));
  const served = [...(traffic.value?.addresses ?? [])]
    .filter(([a]) => ips.has(ipOf(a)))
    .reduce((n, [, s]) => n + s.attempts - s.failed, 0);
  return { failed: failed.filter((f) => ips.has(ipOf(f.attempt.address))).length, served };
}

/** A label that the own pods have and the foreign ones have not. */
function distinguish(service: ObjectRef, own: Group | undefined, foreign: Group) {
  const mine = own?.pods[0]?.labels ?? {};
  const theirs = foreign.pods[0]?.labels ?? {};
  const label = Object.entries(mine).find(
    ([key, value]) =>
      theirs[key] !== value && !/hash|revision|controller-uid|job-name|pod-name|pod-index/.test(key),
  );
  if (label === undefined)
    return {
      title: `Give the pods that should serve ${refText(service)} a label of their own and add it to its selector`,
      applicability: "display-only" as const,
      commands: [],
    };
  const body = { spec: { selector: { [label[0]]: label[1] } } };
  return {
    title: `Add ${label[0]}=${label[1]} to the selector of ${refText(service)}`,
    applicability: "unsafe" as const,
    commands: [see.patch(service, "merge", body)],
    patch: { object: service, type: "merge" as const, body },
    effect: "the other workload's pods leave the endpoints at once",
  };
}
