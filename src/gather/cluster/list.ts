import { type KindMap, type Resource, resources } from "../../evidence/kinds.ts";
import type { Answer, Failure } from "./answer.ts";
import type { Api } from "./api.ts";
import { collectionPath, objectPath, readText, withQuery } from "./paths.ts";

export interface ListRequest<R extends Resource> {
  readonly resource: R;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects a page. Default 500, as kubectl. */
  readonly pageSize?: number;
  readonly maxObjects: number;
}

export interface Listed<R extends Resource> {
  readonly objects: readonly KindMap[R][];
  /** Objects left on the server: the limit was reached. */
  readonly more: boolean;
  /** Of the state that was listed: where a watch goes on from. */
  readonly resourceVersion?: string;
  /** A page failed; `objects` holds the pages before it. */
  readonly failure?: Failure;
}

/**
 * A list in pages. A continue token that expired (410) restarts the list once, as client-go's pager
 * does (kubernetes/client-go tools/pager/pager.go).
 */
export async function listObjects<R extends Resource>(api: Api, request: ListRequest<R>): Promise<Listed<R>> {
  const what = readText(request.resource, request.namespace);
  let objects: KindMap[R][] = [];
  let token = "";
  let restarted = false;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- a page names the next one
    const page = await listPage(api, request, what, token, request.maxObjects - objects.length);
    if (!page.ok) {
      if (page.failure.kind !== "expired" || restarted)
        return { objects, more: false, failure: page.failure };
      restarted = true;
      objects = [];
      token = "";
      continue;
    }
    objects.push(...page.value.items);
    const { resourceVersion } = page.value;
    if (page.value.next === "") return { objects, more: false, resourceVersion };
    const stuck = page.value.next === token;
    if (stuck || objects.length >= request.maxObjects) return { objects, more: true, resourceVersion };
    token = page.value.next;
  }
}

async function listPage<R extends Resource>(
  api: Api,
  request: ListRequest<R>,
  what: string,
  token: string,
  room: number,
): Promise<Answer<{ items: KindMap[R][]; next: string; resourceVersion: string }>> {
  const path = withQuery(collectionPath(request.resource, request.namespace), {
    limit: Math.min(request.pageSize ?? 500, room),
    continue: token === "" ? undefined : token,
    labelSelector: request.labelSelector,
    fieldSelector: request.fieldSelector,
  });
  const answer = await api.json(path, what);
  if (!answer.ok) return answer;
  const { items, metadata } = fields(answer.value);
  if (!Array.isArray(items)) return notAList(what);
  const next = fields(metadata)["continue"];
  const resourceVersion = fields(metadata)["resourceVersion"];
  return {
    ok: true,
    value: {
      items: items.filter(isObject).map((item) => complete(request.resource, item)),
      next: typeof next === "string" ? next : "",
      resourceVersion: typeof resourceVersion === "string" ? resourceVersion : "",
    },
  };
}

/** One object by name; `undefined` when it does not exist. */
export async function getObject<R extends Resource>(
  api: Api,
  resource: R,
  name: string,
  namespace?: string,
): Promise<Answer<KindMap[R] | undefined>> {
  const what = readText(resource, namespace, name);
  const answer = await api.json(objectPath(resource, name, namespace), what);
  if (!answer.ok) return answer.failure.kind === "not-found" ? { ok: true, value: undefined } : answer;
  return isObject(answer.value) ? { ok: true, value: complete(resource, answer.value) } : notAList(what);
}

const notAList = (what: string): Answer<never> => ({
  ok: false,
  failure: {
    kind: "broken",
    reason: `the answer to "${what}" is not what an API server sends`,
    passing: false,
  },
});

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const isObject = (item: unknown): item is Record<string, unknown> =>
  typeof fields(fields(item)["metadata"])["name"] === "string";

/** Items of a list carry no kind of their own; what nobody reads is dropped. */
function complete<R extends Resource>(resource: R, item: Record<string, unknown>): KindMap[R] {
  const { kind, group, version } = resources[resource];
  const metadata = fields(item["metadata"]);
  delete metadata["managedFields"];
  const annotations = fields(metadata["annotations"]);
  delete annotations["kubectl.kubernetes.io/last-applied-configuration"];
  item["kind"] ??= kind;
  item["apiVersion"] ??= group === "" ? version : `${group}/${version}`;
  return item as unknown as KindMap[R];
}
