/** What the user asked about. */
export type Target = AllRoutes | UrlTarget | ObjectTarget;

export interface AllRoutes {
  readonly kind: "all";
  readonly namespace?: string;
}

export interface UrlTarget {
  readonly kind: "url";
  readonly text: string;
  /** Lower case, without port; "*" is not expanded. */
  readonly host: string;
  /** Always starts with "/"; the query is dropped. */
  readonly path: string;
  readonly namespace?: string;
}

export interface ObjectTarget {
  readonly kind: "object";
  readonly text: string;
  readonly resource: "ingress" | "httproute" | "service";
  readonly name: string;
  readonly namespace?: string;
}

export class BadTarget extends Error {
  override readonly name = "BadTarget";
}

const objectNames: Readonly<Record<string, ObjectTarget["resource"]>> = {
  ingress: "ingress",
  ingresses: "ingress",
  ing: "ingress",
  httproute: "httproute",
  httproutes: "httproute",
  service: "service",
  services: "service",
  svc: "service",
};

const kubernetesName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/**
 * Reads a target: a URL, `host/path`, `host`, `ingress/NAME`, `service/NAME`, `httproute/NAME`,
 * or nothing. Throws BadTarget with a message that says what would be accepted.
 */
export function parseTarget(text: string | undefined, namespace?: string): Target {
  const scope = namespace === undefined ? {} : { namespace };
  if (text === undefined || text === "") return { kind: "all", ...scope };
  const [first = "", rest] = splitOnce(text, "/");
  const resource = Object.hasOwn(objectNames, first) ? objectNames[first] : undefined;
  if (resource !== undefined && rest !== undefined && !text.includes("://")) {
    if (!kubernetesName.test(rest)) {
      throw new BadTarget(
        `"${rest}" is not a Kubernetes name. Write ${resource}/NAME, with -n NAMESPACE for its namespace.`,
      );
    }
    return { kind: "object", text, resource, name: rest, ...scope };
  }
  return { ...parseUrl(text), ...scope };
}

function parseUrl(text: string): UrlTarget {
  const url = text.includes("://") ? text : `http://${text}`;
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new BadTarget(
      `cannot read "${text}" as a target. Give a URL (https://shop.example.com/cart), HOST/PATH, ingress/NAME or service/NAME.`,
    );
  }
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") {
    throw new BadTarget(
      `${parsed.protocol}// is not HTTP. Give an http or https URL, HOST/PATH, ingress/NAME or service/NAME.`,
    );
  }
  return { kind: "url", text, host: parsed.hostname.toLowerCase(), path: parsed.pathname };
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
