import { fitsPattern } from "../base/wildcard.ts";
import { findObject, objectsOf } from "../derive/coverage.ts";
import { nearestNames } from "../derive/near-names.ts";
import { texts } from "../derive/shape.ts";
import { type Evidence, nameOf, namespaceOf } from "../evidence/evidence.ts";
import { allResources, resourceOfKind, resources } from "../evidence/kinds.ts";
import { type ObjectRef, ref, refText } from "../evidence/object-ref.ts";

/** Says that a rule is not meant for an object, and why. */
export interface Ignore {
  readonly rule: string;
  /** "Deployment shop/web", with * for any part; absent: every object. */
  readonly object?: string;
  readonly reason: string;
}

export interface Suppression {
  readonly by: "annotation" | "config" | "baseline";
  readonly reason?: string;
}

const ignoreKey = "why5xx.dev/ignore";
const reasonKey = "why5xx.dev/ignore-reason";

export interface SuppressionSources {
  readonly evidence: Evidence;
  readonly ignores: readonly Ignore[];
  /** Fingerprints of findings that were there before. */
  readonly baseline: ReadonlySet<string>;
}

/** Who says that this finding does not count; the object's own word goes first. */
export function suppressionOf(
  rule: string,
  subject: ObjectRef,
  fingerprint: string,
  { evidence, ignores, baseline }: SuppressionSources,
): Suppression | undefined {
  for (const annotations of annotationsOf(evidence, subject)) {
    if (!idsIn(annotations[ignoreKey]).some((id) => id === rule || id === "*")) continue;
    const reason = annotations[reasonKey];
    return { by: "annotation", ...(reason === undefined ? {} : { reason }) };
  }
  const ignore = ignores.find(
    (i) =>
      (i.rule === rule || i.rule === "*") &&
      (i.object === undefined || fitsPattern(i.object, refText(subject))),
  );
  if (ignore !== undefined) return { by: "config", reason: ignore.reason };
  return baseline.has(fingerprint) ? { by: "baseline" } : undefined;
}

type Annotations = Readonly<Record<string, string>>;

/** Of the object itself, then of the template of its pods. */
function annotationsOf(evidence: Evidence, { kind, namespace, name }: ObjectRef): readonly Annotations[] {
  const resource = resourceOfKind(kind);
  const object = resource === undefined ? undefined : findObject(evidence, resource, namespace ?? "", name);
  const template = (object as Templated | undefined)?.spec?.template;
  return [texts(object?.metadata?.annotations), texts(template?.metadata?.annotations)];
}

interface Templated {
  readonly spec?: { readonly template?: { readonly metadata?: { readonly annotations?: Annotations } } };
}

const idsIn = (written: string | undefined): string[] =>
  (written ?? "")
    .split(/[,\s]+/)
    .map((id) => id.trim())
    .filter((id) => id !== "");

/** Ids that name no rule: they suppress nothing, and nobody would notice. */
export function unknownIgnores(
  { evidence, ignores }: SuppressionSources,
  known: readonly string[],
): readonly { readonly what: string; readonly why: string }[] {
  const annotated = allResources.flatMap((resource) =>
    objectsOf(evidence, resource).flatMap((object) => {
      const kind = resources[resource].kind;
      const owner = ref(
        kind,
        nameOf(object),
        resources[resource].namespaced ? namespaceOf(object) : undefined,
      );
      const template = (object as Templated).spec?.template;
      return [object.metadata?.annotations, template?.metadata?.annotations].flatMap((annotations) =>
        idsIn(texts(annotations)[ignoreKey]).map((id) => ({
          id,
          what: `${refText(owner)} annotation ${ignoreKey}`,
        })),
      );
    }),
  );
  const configured = ignores.map(({ rule }) => ({ id: rule, what: "ignore in the configuration" }));
  return [...annotated, ...configured]
    .filter(({ id }) => id !== "*" && !known.includes(id))
    .map(({ id, what }) => {
      const near = nearestNames(id, known);
      return {
        what,
        why: `there is no rule "${id}"${near.length === 0 ? "" : `; did you mean ${near.join(", ")}?`}`,
      };
    });
}
