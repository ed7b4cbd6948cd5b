import { type Bucket, newBucket } from "./bucket.ts";
import { endOfPath, pathTemplate } from "./path-template.ts";

/** Path templates kept apart per upstream; the rest is folded to its first segment, and beyond that into one. */
const maxTemplates = 2000;
const maxCachedPaths = 20_000;

/** Finds the bucket of a request. Remembers raw paths, so that most requests cost two map look-ups. */
export interface Buckets {
  find(upstreamName: string, host: string, path: string, handedOnFrom?: string): Bucket;
  all(): Bucket[];
  /** Upstream names whose path templates were folded for their number. */
  folded(): string[];
}

interface Upstream {
  readonly byKey: Map<string, Bucket>;
  readonly byPath: Map<string, Bucket>;
  folded: boolean;
}

export function newBuckets(): Buckets {
  const upstreams = new Map<string, Upstream>();
  let lastName: string | undefined;
  let last: Upstream | undefined;

  function upstreamOf(name: string): Upstream {
    if (last !== undefined && name === lastName) return last;
    let upstream = upstreams.get(name);
    if (upstream === undefined) {
      upstream = { byKey: new Map(), byPath: new Map(), folded: false };
      upstreams.set(name, upstream);
    }
    lastName = name;
    last = upstream;
    return upstream;
  }

  return {
    find(upstreamName, host, path, handedOnFrom) {
      const upstream = upstreamOf(
        handedOnFrom === undefined ? upstreamName : `${upstreamName} ${handedOnFrom}`,
      );
      const query = path.indexOf("?");
      const plain = query === -1 ? path : path.slice(0, query);
      const cacheKey = host === "" ? plain : `${host} ${plain}`;
      const cached = upstream.byPath.get(cacheKey);
      if (cached !== undefined) return cached;
      const bucket = bucketOf(upstream, upstreamName, host, plain, handedOnFrom);
      if (plain < bucket.examplePath) bucket.examplePath = exampleOf(plain);
      if (upstream.byPath.size >= maxCachedPaths) upstream.byPath.clear();
      upstream.byPath.set(cacheKey, bucket);
      return bucket;
    },
    all: () => [...upstreams.values()].flatMap((upstream) => [...upstream.byKey.values()]),
    folded: () => [...upstreams].filter(([, upstream]) => upstream.folded).map(([name]) => name),
  };
}

function bucketOf(
  upstream: Upstream,
  upstreamName: string,
  host: string,
  path: string,
  handedOnFrom: string | undefined,
): Bucket {
  const template = pathTemplate(path);
  for (const [keptHost, keptTemplate] of candidates(host, template)) {
    const key = `${keptHost} ${keptTemplate}`;
    const found = upstream.byKey.get(key);
    if (found !== undefined) return found;
    const isLast = keptTemplate === foldedTemplate && keptHost === foldedHost;
    const limit = keptTemplate === template && keptHost === host ? maxTemplates : maxTemplates * 2;
    if (upstream.byKey.size < limit || isLast) {
      if (limit !== maxTemplates) upstream.folded = true;
      const bucket = newBucket(upstreamName, keptHost, keptTemplate, exampleOf(path), handedOnFrom);
      upstream.byKey.set(key, bucket);
      return bucket;
    }
  }
  return newBucket(upstreamName, host, template, path, handedOnFrom);
}

const exampleOf = (path: string): string => path.slice(0, Math.min(endOfPath(path), 1000));

const foldedTemplate = "/{more}";
const foldedHost = "";

/** From exact to coarse. */
function candidates(host: string, template: string): [string, string][] {
  const slash = template.indexOf("/", 1);
  const first = slash === -1 ? foldedTemplate : `${template.slice(0, slash)}/{more}`;
  return [
    [host, template],
    [host, first],
    [host, foldedTemplate],
    [foldedHost, foldedTemplate],
  ];
}
