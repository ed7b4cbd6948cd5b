import { isMap, type JsonMap, mapOf, mapsOf, without } from "../json-value.ts";

/** Ingress of extensions/v1beta1 and networking.k8s.io/v1beta1: `serviceName` and `servicePort` beside each other. */
export function ingressFromV1beta1(object: JsonMap): JsonMap {
  const spec = mapOf(object["spec"]);
  const rest = without(spec, "backend");
  return {
    ...object,
    spec: {
      ...rest,
      ...(isMap(spec["backend"]) ? { defaultBackend: backend(spec["backend"]) } : {}),
      ...(Array.isArray(spec["rules"]) ? { rules: mapsOf(spec["rules"]).map(rule) } : {}),
    },
  };
}

function rule(rule: JsonMap): JsonMap {
  if (!isMap(rule["http"])) return rule;
  const paths = mapsOf(rule["http"]["paths"]).map((path) => ({
    ...path,
    pathType: path["pathType"] ?? "ImplementationSpecific",
    ...(isMap(path["backend"]) ? { backend: backend(path["backend"]) } : {}),
  }));
  return { ...rule, http: { ...rule["http"], paths } };
}

function backend(old: JsonMap): JsonMap {
  if (old["serviceName"] === undefined) return old;
  const port = old["servicePort"];
  const isNumber = typeof port === "number" || (typeof port === "string" && /^\d+$/.test(port));
  const servicePort =
    port === undefined ? {} : { port: isNumber ? { number: Number(port) } : { name: port } };
  return {
    ...without(old, "serviceName", "servicePort"),
    service: { name: old["serviceName"], ...servicePort },
  };
}
