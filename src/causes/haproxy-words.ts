import type { Route } from "../derive/views.ts";

/** Two controllers of HAProxy with annotations of their own. */
type Controller = "haproxy-ingress.github.io" | "haproxy.org";

interface Said {
  readonly annotation: string;
  readonly value: string;
}

type Words = (value: string) => Said;

/** jcmoraisjr/haproxy-ingress docs/content/en/docs/configuration/keys.md. */
const community: Readonly<Record<string, Words>> = {
  "proxy-read-timeout": (value) => ({ annotation: "timeout-server", value: `${value}s` }),
  "backend-protocol": (value) => ({
    annotation: "backend-protocol",
    value: { HTTPS: "h1-ssl", GRPC: "grpc", GRPCS: "grpcs" }[value] ?? "h1",
  }),
  "proxy-ssl-name": (value) => ({ annotation: "secure-verify-hostname", value }),
  "limit-rps": (value) => ({ annotation: "limit-rps", value }),
  "limit-connections": (value) => ({ annotation: "limit-connections", value }),
};

/** haproxytech/kubernetes-ingress documentation/annotations.md. */
const vendor: Readonly<Record<string, Words>> = {
  "proxy-read-timeout": (value) => ({ annotation: "timeout-server", value: `${value}s` }),
  "backend-protocol": (value) =>
    value === "GRPC" || value === "GRPCS"
      ? { annotation: "server-proto", value: "h2" }
      : { annotation: "server-ssl", value: String(value === "HTTPS") },
  "limit-rps": (value) => ({ annotation: "rate-limit-requests", value }),
};

/** Without an annotation in either controller. */
const elsewhere: Readonly<Record<string, (value: string) => string>> = {
  "proxy-buffer-size": (value) =>
    `tune.bufsize ${Number.parseInt(value, 10) * 1024} in the global section (ConfigMap key config-global of haproxy-ingress, global-config-snippet of haproxytech's controller)`,
  "session-cookie-change-on-failure": () =>
    "option redispatch and health checks of the servers, by which HAProxy leaves a server that fails",
};

/** A line of a backend's section, in words. */
export const atBackend = (line: string): string =>
  `"${line}" in the backend (annotation haproxy-ingress.github.io/config-backend, or haproxy.org/backend-config-snippet)`;

/** Undefined when nobody knows how it is said. */
export function haproxyWords(
  route: Route,
  annotation: string,
  value: string,
): { readonly key: string; readonly value: string } | { readonly advice: string } | undefined {
  const general = elsewhere[annotation]?.(value);
  if (general !== undefined) return { advice: general };
  const [mine, theirs] = [community[annotation]?.(value), vendor[annotation]?.(value)];
  const controller = controllerOf(route);
  if (controller !== undefined) {
    const words = controller === "haproxy.org" ? theirs : mine;
    return words === undefined ? undefined : { key: `${controller}/${words.annotation}`, value: words.value };
  }
  const either = [...named("haproxy-ingress.github.io", mine), ...named("haproxy.org", theirs)];
  return either.length === 0 ? undefined : { advice: `annotation ${either.join(", or ")}` };
}

const named = (controller: Controller, words: Said | undefined): string[] =>
  words === undefined ? [] : [`${controller}/${words.annotation} "${words.value}"`];

/** By the class's controller, else by the annotations that the object has already. */
function controllerOf({ controller, rule }: Route): Controller | undefined {
  const both: readonly Controller[] = ["haproxy-ingress.github.io", "haproxy.org"];
  const keys = Object.keys(rule?.annotations ?? {});
  return (
    both.find((name) => controller?.startsWith(`${name}/`) === true) ??
    both.find((name) => keys.some((key) => key.startsWith(`${name}/`)))
  );
}
