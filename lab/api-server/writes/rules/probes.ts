import { type FieldError, forbiddenField, invalidValue, required } from "../field-error.ts";
import { isObject, type JsonObject, objectOf } from "../json.ts";

const handlers = ["exec", "httpGet", "tcpSocket", "grpc"];

/** Probes and lifecycle hooks of a container. */
export function checkProbes(container: JsonObject, path: string): FieldError[] {
  const probes = ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((name) =>
    isObject(container[name]) ? checkProbe(container[name], `${path}.${name}`) : [],
  );
  const hooks = Object.entries(objectOf(container["lifecycle"])).flatMap(([name, hook]) =>
    isObject(hook) ? checkHandler(hook, `${path}.lifecycle.${name}`, [...handlers, "sleep"]) : [],
  );
  return [...probes, ...hooks];
}

function checkProbe(probe: JsonObject, path: string): FieldError[] {
  const numbers = [
    ["initialDelaySeconds", 0],
    ["timeoutSeconds", 1],
    ["periodSeconds", 1],
    ["successThreshold", 1],
    ["failureThreshold", 1],
  ] as const;
  const bounds = numbers.flatMap(([name, least]) => {
    const value = probe[name];
    return typeof value === "number" && value < least
      ? [invalidValue(`${path}.${name}`, value, `must be greater than or equal to ${least}`)]
      : [];
  });
  const once =
    !path.endsWith(".readinessProbe") && Number(probe["successThreshold"] ?? 1) > 1
      ? [invalidValue(`${path}.successThreshold`, probe["successThreshold"], "must be 1")]
      : [];
  return [...checkHandler(probe, path, handlers), ...bounds, ...once];
}

function checkHandler(action: JsonObject, path: string, allowed: readonly string[]): FieldError[] {
  const given = allowed.filter((name) => isObject(action[name]));
  if (given.length === 0) return [required(path, "must specify a handler type")];
  return given
    .slice(1)
    .map((name) => forbiddenField(`${path}.${name}`, "may not specify more than 1 handler type"));
}
