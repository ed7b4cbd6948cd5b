import {
  duplicate,
  type FieldError,
  invalidValue,
  notFoundValue,
  notSupported,
  required,
} from "../field-error.ts";
import { isObject, type JsonObject, objectOf, objectsOf } from "../json.ts";
import { checkDnsLabel } from "./names.ts";
import { checkProbes } from "./probes.ts";
import { parseQuantity, quantityText } from "./quantity.ts";

const oneOf = (field: string, value: unknown, allowed: readonly string[]): FieldError[] =>
  value === undefined || allowed.includes(String(value)) ? [] : [notSupported(field, value, allowed)];

const minimum = (field: string, value: unknown, least: number): FieldError[] =>
  typeof value === "number" && value < least
    ? [invalidValue(field, value, `must be greater than or equal to ${least}`)]
    : [];

/** What a pod's spec must hold (kubernetes/kubernetes pkg/apis/core/validation/validation.go, ValidatePodSpec). */
export function checkPodSpec(spec: JsonObject, path: string): FieldError[] {
  const volumes = objectsOf(spec["volumes"]);
  const main = objectsOf(spec["containers"]);
  const seen = new Set<unknown>();
  const containers = ["initContainers", "containers"].flatMap((list) =>
    objectsOf(spec[list]).flatMap((container, index) =>
      checkContainer(container, `${path}.${list}[${index}]`, seen, volumes),
    ),
  );
  return [
    ...(main.length === 0 ? [required(`${path}.containers`)] : []),
    ...checkVolumes(volumes, `${path}.volumes`),
    ...containers,
    ...oneOf(`${path}.restartPolicy`, spec["restartPolicy"], ["Always", "OnFailure", "Never"]),
    ...oneOf(`${path}.dnsPolicy`, spec["dnsPolicy"], [
      "ClusterFirstWithHostNet",
      "ClusterFirst",
      "Default",
      "None",
    ]),
    ...minimum(`${path}.terminationGracePeriodSeconds`, spec["terminationGracePeriodSeconds"], 0),
    ...minimum(`${path}.activeDeadlineSeconds`, spec["activeDeadlineSeconds"], 1),
  ];
}

function checkVolumes(volumes: readonly JsonObject[], path: string): FieldError[] {
  const seen = new Set<unknown>();
  return volumes.flatMap((volume, index) => {
    const { name } = volume;
    const at = `${path}[${index}].name`;
    if (typeof name !== "string") return [];
    const repeated = seen.has(name) ? [duplicate(at, name)] : [];
    seen.add(name);
    return [...checkDnsLabel(at, name), ...repeated];
  });
}

function checkContainer(
  container: JsonObject,
  path: string,
  seen: Set<unknown>,
  volumes: readonly JsonObject[],
): FieldError[] {
  const { name, image } = container;
  const repeated = name !== undefined && seen.has(name) ? [duplicate(`${path}.name`, name)] : [];
  seen.add(name);
  return [
    ...(typeof name === "string" ? checkDnsLabel(`${path}.name`, name) : []),
    ...repeated,
    ...(image === undefined || image === "" ? [required(`${path}.image`)] : []),
    ...oneOf(`${path}.imagePullPolicy`, container["imagePullPolicy"], ["Always", "IfNotPresent", "Never"]),
    ...checkPorts(objectsOf(container["ports"]), `${path}.ports`),
    ...checkEnv(objectsOf(container["env"]), `${path}.env`),
    ...checkMounts(objectsOf(container["volumeMounts"]), `${path}.volumeMounts`, volumes),
    ...checkProbes(container, path),
    ...checkResources(objectOf(container["resources"]), `${path}.resources`),
  ];
}

const isPort = (value: unknown): boolean =>
  typeof value === "number" && Number.isInteger(value) && value > 0 && value < 65_536;

/** A port in its range, as validation.IsValidPortNum words it. */
export const checkPort = (field: string, value: unknown): FieldError[] =>
  value === undefined || isPort(value)
    ? []
    : [invalidValue(field, value, "must be between 1 and 65535, inclusive")];

function checkPorts(ports: readonly JsonObject[], path: string): FieldError[] {
  const names = new Set<unknown>();
  return ports.flatMap((port, index) => {
    const at = `${path}[${index}]`;
    const { name } = port;
    const repeated = name !== undefined && names.has(name) ? [duplicate(`${at}.name`, name)] : [];
    names.add(name);
    return [
      ...checkPort(`${at}.containerPort`, port["containerPort"]),
      ...(typeof name === "string" ? checkPortName(`${at}.name`, name) : []),
      ...repeated,
      ...oneOf(`${at}.protocol`, port["protocol"], ["SCTP", "TCP", "UDP"]),
    ];
  });
}

/** A name of a port (IANA service name): up to 15 of a-z, 0-9 and single dashes, with a letter. */
export function checkPortName(field: string, name: string): FieldError[] {
  if (name.length > 15) return [invalidValue(field, name, "must be no more than 15 characters")];
  if (!/^[-a-z0-9]+$/.test(name))
    return [
      invalidValue(field, name, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"),
    ];
  if (!/[a-z]/.test(name)) return [invalidValue(field, name, "must contain at least one letter (a-z)")];
  if (name.includes("--")) return [invalidValue(field, name, "must not contain consecutive hyphens")];
  return name.startsWith("-") || name.endsWith("-")
    ? [invalidValue(field, name, "must not begin or end with a hyphen")]
    : [];
}

const checkEnv = (env: readonly JsonObject[], path: string): FieldError[] =>
  env.flatMap(({ name, value, valueFrom }, index) => {
    if (name === "") return [required(`${path}[${index}].name`)];
    if (value !== undefined && value !== "" && isObject(valueFrom))
      return [
        invalidValue(`${path}[${index}].valueFrom`, "", "may not be specified when `value` is not empty"),
      ];
    return [];
  });

const checkMounts = (
  mounts: readonly JsonObject[],
  path: string,
  volumes: readonly JsonObject[],
): FieldError[] => {
  const paths = new Set<unknown>();
  return mounts.flatMap(({ name, mountPath }, index) => {
    const repeated = paths.has(mountPath)
      ? [invalidValue(`${path}[${index}].mountPath`, mountPath, "must be unique")]
      : [];
    paths.add(mountPath);
    return volumes.some((v) => v["name"] === name)
      ? repeated
      : [notFoundValue(`${path}[${index}].name`, name), ...repeated];
  });
};

function checkResources(resources: JsonObject, path: string): FieldError[] {
  const limits = objectOf(resources["limits"]);
  const amounts = ["limits", "requests"].flatMap((list) =>
    Object.entries(objectOf(resources[list])).flatMap(([name, amount]) => {
      const value = parseQuantity(String(amount));
      if (value === undefined) return [invalidValue(`${path}.${list}[${name}]`, amount, quantityText)];
      return value < 0
        ? [invalidValue(`${path}.${list}[${name}]`, amount, "must be greater than or equal to 0")]
        : [];
    }),
  );
  const above = Object.entries(objectOf(resources["requests"])).flatMap(([name, request]) => {
    const limit = limits[name];
    const isAbove =
      limit !== undefined &&
      (parseQuantity(String(request)) ?? 0) > (parseQuantity(String(limit)) ?? Infinity);
    return isAbove
      ? [
          invalidValue(
            `${path}.requests`,
            request,
            `must be less than or equal to ${name} limit of ${String(limit)}`,
          ),
        ]
      : [];
  });
  return [...amounts, ...above];
}
