/** A request as the API server's authorizer sees it. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** get, list, watch, create, update, patch, delete, deletecollection. */
  readonly verb: string;
  readonly accept: string;
  /** Who the client acts as (Impersonate-User), when it is not itself. */
  readonly impersonated?: string;
  /** Media type of the body, in lower case and without parameters. */
  readonly contentType?: string;
  readonly userAgent?: string;
  /** Absent when the path is not below /api/v1 or /apis/GROUP/VERSION. */
  readonly resource?: ResourcePath;
}

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

const writeVerbs: Readonly<Record<string, string>> = { POST: "create", PUT: "update", PATCH: "patch" };

/** @throws URIError when the path is not valid percent-encoding */
export function parseRequest(method: string, url: string, accept: string, impersonated?: string): ApiRequest {
  const mark = url.indexOf("?");
  const path = mark === -1 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark === -1 ? "" : url.slice(mark + 1));
  const resource = parsePath(path);
  const verb = verbOf(method, query, resource);
  return {
    method,
    path,
    query,
    verb,
    accept,
    ...(impersonated === undefined ? {} : { impersonated }),
    ...(resource === undefined ? {} : { resource }),
  };
}

function verbOf(method: string, query: URLSearchParams, resource: ResourcePath | undefined): string {
  const write = writeVerbs[method];
  if (write !== undefined) return write;
  const one = resource === undefined || resource.name !== undefined;
  if (method === "DELETE") return one ? "delete" : "deletecollection";
  if (one) return "get";
  return isTrue(query.get("watch")) ? "watch" : "list";
}

export const isTrue = (value: string | null): boolean => value === "true" || value === "1" || value === "";

/** /api/v1/[namespaces/NS/]RESOURCE[/NAME[/SUBRESOURCE]] and the same below /apis/GROUP/VERSION. */
function parsePath(path: string): ResourcePath | undefined {
  const parts = path
    .split("/")
    .filter((p) => p !== "")
    .map(decodeURIComponent);
  let group = "";
  let rest: string[];
  if (parts[0] === "api") rest = parts.slice(1);
  else if (parts[0] === "apis") [group = "", ...rest] = parts.slice(1);
  else return undefined;
  const [version, ...below] = rest;
  if (version === undefined || below.length === 0) return undefined;
  return { group, version, ...parseBelow(below) };
}

function parseBelow(below: readonly string[]): Omit<ResourcePath, "group" | "version"> {
  const [first = "", second, third] = below;
  // /namespaces/NS/status is a subresource of the Namespace, /namespaces/NS/pods a list inside it.
  if (first === "namespaces" && second !== undefined && third !== undefined && third !== "status") {
    const [, namespace = "", resource = "", name, subresource] = below;
    return { namespace, resource, ...defined({ name, subresource }) };
  }
  return { resource: first, ...defined({ name: second, subresource: third }) };
}

const defined = (fields: { name: string | undefined; subresource: string | undefined }) => ({
  ...(fields.name === undefined ? {} : { name: fields.name }),
  ...(fields.subresource === undefined ? {} : { subresource: fields.subresource }),
});
