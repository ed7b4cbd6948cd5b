import { isMap, type JsonMap, mapOf, mapsOf } from "../json-value.ts";

/** `over` laid over `base`: mappings are merged, everything else is replaced. */
export function merged(base: JsonMap | undefined, over: JsonMap | undefined): JsonMap {
  if (base === undefined || over === undefined) return over ?? base ?? {};
  const out = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const before = out.get(key);
    out.set(key, isMap(before) && isMap(value) ? merged(before, value) : value);
  }
  return Object.fromEntries(out);
}

/** Only these keys of a mapping, as far as they are there. */
const picked = (map: JsonMap, keys: readonly string[]): JsonMap =>
  Object.fromEntries(Object.entries(map).filter(([key]) => keys.includes(key)));

/** Fields of a pod that describing it does not show. */
const hiddenOfPod = [
  "affinity",
  "automountServiceAccountToken",
  "dnsConfig",
  "dnsPolicy",
  "hostAliases",
  "hostNetwork",
  "imagePullSecrets",
  "restartPolicy",
  "schedulerName",
  "securityContext",
  "terminationGracePeriodSeconds",
  "topologySpreadConstraints",
];
const hiddenOfContainer = ["imagePullPolicy", "lifecycle", "restartPolicy", "securityContext", "workingDir"];

/** Fields of other specs that describing them does not show. */
const hiddenOfSpec: Readonly<Record<string, readonly string[]>> = {
  daemonsets: ["updateStrategy", "minReadySeconds"],
  deployments: ["progressDeadlineSeconds", "revisionHistoryLimit", "paused"],
  horizontalpodautoscalers: ["behavior"],
  persistentvolumeclaims: ["accessModes", "resources", "selector"],
  services: ["publishNotReadyAddresses", "sessionAffinityConfig"],
  statefulsets: ["updateStrategy", "volumeClaimTemplates", "minReadySeconds"],
};

/** A described spec with what the manifest says of the fields that are never shown. */
export function withHidden(resource: string, spec: JsonMap, manifest: JsonMap): JsonMap {
  const template = mapOf(spec["template"]);
  const templateManifest = mapOf(manifest["template"]);
  const withTemplate = isMap(spec["template"])
    ? {
        template: {
          ...template,
          spec: podWithHidden(mapOf(template["spec"]), mapOf(templateManifest["spec"])),
        },
      }
    : {};
  const rules = resource === "ingresses" ? { rules: rulesWithTypes(spec, manifest) } : {};
  return { ...picked(manifest, hiddenOfSpec[resource] ?? []), ...spec, ...withTemplate, ...rules };
}

/** The same for the spec of a pod, from the template it was made of. */
export function podWithHidden(spec: JsonMap, template: JsonMap): JsonMap {
  return {
    ...picked(template, hiddenOfPod),
    ...spec,
    ...containersWithHidden("initContainers", spec, template),
    ...containersWithHidden("containers", spec, template),
  };
}

function containersWithHidden(key: string, spec: JsonMap, template: JsonMap): JsonMap {
  if (!Array.isArray(spec[key])) return {};
  const containers = mapsOf(spec[key]).map((container) => {
    const manifest = mapsOf(template[key]).find((one) => one["name"] === container["name"]);
    if (manifest === undefined) return container;
    const ports = mapsOf(container["ports"]).map((port) => {
      const named = mapsOf(manifest["ports"]).find((one) => one["containerPort"] === port["containerPort"]);
      return named?.["name"] === undefined ? port : { name: named["name"], ...port };
    });
    return { ...picked(manifest, hiddenOfContainer), ...container, ...(ports.length > 0 ? { ports } : {}) };
  });
  return { [key]: containers };
}

function rulesWithTypes(spec: JsonMap, manifest: JsonMap): JsonMap[] {
  return mapsOf(spec["rules"]).map((rule) => {
    const same = mapsOf(manifest["rules"]).find((one) => one["host"] === rule["host"]);
    const known = mapsOf(mapOf(same?.["http"])["paths"]);
    const paths = mapsOf(mapOf(rule["http"])["paths"]).map((path) => {
      const pathType = known.find((one) => one["path"] === path["path"])?.["pathType"];
      return pathType === undefined ? path : { ...path, pathType };
    });
    return { ...rule, http: { ...mapOf(rule["http"]), paths } };
  });
}
