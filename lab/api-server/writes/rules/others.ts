import type { KubeObject } from "../../stored-object.ts";
import {
  type FieldError,
  forbiddenField,
  immutable,
  invalidValue,
  notSupported,
  required,
} from "../field-error.ts";
import { isEqual, isObject, type JsonObject, objectOf, objectsOf } from "../json.ts";

export function checkIngress(ingress: KubeObject): FieldError[] {
  const spec = objectOf(ingress["spec"]);
  const rules = objectsOf(spec["rules"]);
  const nothing =
    rules.length === 0 && spec["defaultBackend"] === undefined
      ? [invalidValue("spec", [], "either `defaultBackend` or `rules` must be specified")]
      : [];
  return [
    ...nothing,
    ...rules.flatMap((rule, index) =>
      objectsOf(objectOf(rule["http"])["paths"]).flatMap((path, at) =>
        checkPath(path, `spec.rules[${index}].http.paths[${at}]`),
      ),
    ),
    ...(isObject(spec["defaultBackend"]) ? checkBackend(spec["defaultBackend"], "spec.defaultBackend") : []),
  ];
}

const pathTypes = ["Exact", "ImplementationSpecific", "Prefix"];

function checkPath({ path, pathType, backend }: JsonObject, field: string): FieldError[] {
  const isAbsolute = typeof path === "string" && path.startsWith("/");
  const mustBeAbsolute = pathType === "Exact" || pathType === "Prefix" || (path !== undefined && path !== "");
  return [
    ...(mustBeAbsolute && !isAbsolute
      ? [invalidValue(`${field}.path`, path ?? "", "must be an absolute path")]
      : []),
    ...(pathType === undefined || pathTypes.includes(String(pathType))
      ? []
      : [notSupported(`${field}.pathType`, pathType, pathTypes)]),
    ...(isObject(backend) ? checkBackend(backend, `${field}.backend`) : []),
  ];
}

function checkBackend(backend: JsonObject, field: string): FieldError[] {
  const { service, resource } = backend;
  if (isObject(resource)) return [];
  if (!isObject(service)) return [required(field, "port name or number is required")];
  const { name, number } = objectOf(service["port"]);
  if (name !== undefined && number !== undefined)
    return [invalidValue(field, "", "cannot set both port name & port number")];
  return name === undefined && number === undefined
    ? [required(field, "port name or number is required")]
    : [];
}

export function checkDisruptionBudget(budget: KubeObject): FieldError[] {
  const { minAvailable, maxUnavailable } = objectOf(budget["spec"]);
  return minAvailable !== undefined && maxUnavailable !== undefined
    ? [
        invalidValue(
          "spec",
          { minAvailable, maxUnavailable },
          "minAvailable and maxUnavailable cannot be both set",
        ),
      ]
    : [];
}

export function checkAutoscaler(autoscaler: KubeObject): FieldError[] {
  const { minReplicas, maxReplicas } = objectOf(autoscaler["spec"]);
  const least = Number(minReplicas ?? 1);
  if (typeof maxReplicas !== "number") return [];
  if (maxReplicas < 1) return [invalidValue("spec.maxReplicas", maxReplicas, "must be greater than 0")];
  if (least < 1) return [invalidValue("spec.minReplicas", minReplicas, "must be greater than or equal to 1")];
  return maxReplicas < least
    ? [invalidValue("spec.maxReplicas", maxReplicas, "must be greater than or equal to `minReplicas`")]
    : [];
}

export function checkEndpointSlice(slice: KubeObject, before: KubeObject | undefined): FieldError[] {
  const { addressType } = slice;
  const supported = ["FQDN", "IPv4", "IPv6"];
  if (before !== undefined && addressType !== before["addressType"])
    return [immutable("addressType", addressType)];
  return addressType === undefined || supported.includes(String(addressType))
    ? []
    : [notSupported("addressType", addressType, supported)];
}

/** ConfigMaps and Secrets with `immutable: true` keep what they hold. */
export function checkImmutableData(object: KubeObject, before: KubeObject | undefined): FieldError[] {
  if (before?.["immutable"] !== true) return [];
  const changed = ["data", "binaryData", "immutable"].find((name) => !isEqual(object[name], before[name]));
  return changed === undefined ? [] : [forbiddenField(changed, "field is immutable when `immutable` is set")];
}
