import { isObject, type JsonObject } from "../base/json-value.ts";

/** Who writes an object again from its source, and when a change made in the cluster is gone by that. */
export interface ManagedBy {
  /** "Argo CD application shop" */
  readonly who: string;
  /** "its next sync" */
  readonly when: string;
}

type Texts = (key: string) => string | undefined;

/** Most outward first: Argo CD and Flux render charts, and what they make carries Helm's marks as well. */
const signs: readonly ((annotation: Texts, label: Texts) => ManagedBy | undefined)[] = [
  // argoproj/argo-cd common/common.go: AnnotationKeyAppInstance is "APP:GROUP/KIND:NAMESPACE/NAME".
  (annotation, label) => {
    const app =
      annotation("argocd.argoproj.io/tracking-id")?.split(":")[0] ?? label("argocd.argoproj.io/instance");
    return app === undefined
      ? undefined
      : { who: `Argo CD application ${app}`, when: "its next sync, at once where it heals itself," };
  },
  // fluxcd/kustomize-controller and helm-controller: labels of the owner's name and namespace.
  (_, label) => fluxOwner("Kustomization", "kustomize.toolkit.fluxcd.io", label),
  (_, label) => fluxOwner("HelmRelease", "helm.toolkit.fluxcd.io", label),
  // helm/helm pkg/action/validate.go
  (annotation, label) => {
    const release = annotation("meta.helm.sh/release-name");
    if (release === undefined && label("app.kubernetes.io/managed-by") !== "Helm") return undefined;
    const who = release === undefined ? "a Helm release" : `Helm release ${release}`;
    return { who, when: "its next upgrade" };
  },
  (_, label) => {
    const name = label("app.kubernetes.io/managed-by");
    // `kubectl apply` and `kustomize build` act when somebody types them.
    return name === undefined || /^(?:kubectl|kustomize)/i.test(name)
      ? undefined
      : { who: name, when: "its next run" };
  },
];

function fluxOwner(kind: string, prefix: string, label: Texts): ManagedBy | undefined {
  const name = label(`${prefix}/name`);
  const namespace = label(`${prefix}/namespace`);
  return name === undefined
    ? undefined
    : {
        who: `Flux ${kind} ${[namespace, name].filter((n) => n !== undefined).join("/")}`,
        when: "its next reconciliation",
      };
}

/** Undefined: nothing in the object says that a program keeps it. */
export function managedBy(object: JsonObject): ManagedBy | undefined {
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  const annotation = textsOf(metadata["annotations"]);
  const label = textsOf(metadata["labels"]);
  for (const sign of signs) {
    const found = sign(annotation, label);
    if (found !== undefined) return found;
  }
  return controllerOf(metadata["ownerReferences"]);
}

/** An object that another one controls is an operator's: what it says is made of what the owner says. */
function controllerOf(owners: unknown): ManagedBy | undefined {
  const owner = Array.isArray(owners)
    ? owners.filter(isObject).find((o) => o["controller"] === true)
    : undefined;
  return typeof owner?.["kind"] === "string" && typeof owner["name"] === "string"
    ? { who: `${owner["kind"]} ${owner["name"]}`, when: "its controller" }
    : undefined;
}

const textsOf =
  (value: unknown): Texts =>
  (key) => {
    const found = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    return typeof found === "string" && found !== "" ? found : undefined;
  };

/** What a person is told beside the change. */
export const managedText = ({ who, when }: ManagedBy): string =>
  `managed by ${who}: ${when} takes this change back. Make it in the source too: why5xx fix TARGET --manifests DIR`;
