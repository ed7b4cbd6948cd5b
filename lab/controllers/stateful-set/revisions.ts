import type { ControllerRevision, StatefulSet } from "kubernetes-types/apps/v1";
import type { PodTemplateSpec } from "kubernetes-types/core/v1";
import type { Machine } from "../../machine/machine.ts";
import { sameTemplate, templateHash } from "../deployment/template-hash.ts";
import { controllerReference, isControlledBy, nameOf, namespaceOf, untyped } from "../objects.ts";

/** A template the set has had, kept as a ControllerRevision. */
export interface Revision {
  readonly name: string;
  readonly number: number;
  readonly template: PodTemplateSpec;
}

export interface Revisions {
  /** That pods are brought to. */
  readonly update: Revision;
  /** That they have until then. */
  readonly current: Revision;
}

/** Finds the revisions of a set, and writes down a template it did not have before (kubernetes pkg/controller/statefulset/stateful_set_control.go getStatefulSetRevisions). */
export function revisionsOf(machine: Machine, set: StatefulSet): Revisions {
  const known = revisionsIn(machine, set);
  const last = Math.max(0, ...known.map(({ number }) => number));
  const same = known.find(({ template }) => sameTemplate(template, set.spec?.template));
  const update = same === undefined ? create(machine, set, last + 1) : renew(machine, set, same, last);
  const current = known.find(({ name }) => name === set.status?.currentRevision) ?? update;
  trim(machine, set, known, new Set([update.name, current.name]));
  return { update, current };
}

const revisionsIn = ({ store }: Machine, set: StatefulSet): Revision[] =>
  store
    .list("controllerrevisions", namespaceOf(set))
    .map(({ object }) => object as unknown as ControllerRevision)
    .filter((revision) => isControlledBy(revision, set))
    .map((revision) => ({
      name: nameOf(revision),
      number: revision.revision,
      template: templateIn(revision),
    }));

const templateIn = ({ data }: ControllerRevision): PodTemplateSpec => {
  const { $patch: _patch, ...template } = (data as unknown as RevisionData).spec.template;
  return template;
};

interface RevisionData {
  readonly spec: { readonly template: PodTemplateSpec & { readonly $patch?: string } };
}

function create(machine: Machine, set: StatefulSet, number: number): Revision {
  const template = set.spec?.template ?? {};
  const name = `${nameOf(set)}-${templateHash(template, set.status?.collisionCount)}`;
  machine.writes.create(
    "controllerrevisions",
    untyped({
      metadata: {
        name,
        namespace: namespaceOf(set),
        labels: { ...template.metadata?.labels },
        ownerReferences: [controllerReference("statefulsets", set)],
      },
      // As `kubectl rollout undo` applies it.
      data: { spec: { template: { ...template, $patch: "replace" } } },
      revision: number,
    }),
  );
  return { name, number, template };
}

/** A template of before that is wanted again is the newest. */
function renew(machine: Machine, set: StatefulSet, same: Revision, last: number): Revision {
  if (same.number === last) return same;
  const patch = { type: "merge", body: { revision: last + 1 } } as const;
  machine.writes.patch("controllerrevisions", same.name, namespaceOf(set), patch);
  return { ...same, number: last + 1 };
}

function trim(
  machine: Machine,
  set: StatefulSet,
  known: readonly Revision[],
  used: ReadonlySet<string>,
): void {
  const old = known.filter(({ name }) => !used.has(name)).sort((a, b) => a.number - b.number);
  const excess = old.length - (set.spec?.revisionHistoryLimit ?? 10);
  for (const { name } of old.slice(0, Math.max(0, excess)))
    machine.writes.remove("controllerrevisions", name, namespaceOf(set));
}
