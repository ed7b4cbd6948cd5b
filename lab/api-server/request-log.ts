import { resourceText } from "./access.ts";
import type { ApiRequest } from "./request.ts";
import type { Sent } from "./send.ts";

/** One request the server saw. `bytes` and `plainBytes` grow while the answer is on its way. */
export interface LoggedRequest extends Sent {
  readonly method: string;
  /** Path and query as the client wrote them. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly verb: string;
  /** "pods", "pods/log"; absent for discovery. */
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly accept: string;
  readonly userAgent: string;
  readonly impersonated?: string;
  /** Status code; 0 while unanswered. */
  code: number;
  /** Wall milliseconds from the request to the end of the answer; undefined while it is open. */
  durationMs?: number;
}

export function loggedRequest(request: ApiRequest, url: string, userAgent: string): LoggedRequest {
  const { method, path, query, verb, accept, resource, impersonated } = request;
  return {
    method,
    url,
    path,
    query,
    verb,
    accept,
    userAgent,
    code: 0,
    bytes: 0,
    plainBytes: 0,
    ...(impersonated === undefined ? {} : { impersonated }),
    ...(resource === undefined ? {} : { resource: resourceText(resource) }),
    ...(resource?.namespace === undefined ? {} : { namespace: resource.namespace }),
    ...(resource?.name === undefined ? {} : { name: resource.name }),
  };
}
