import { endOfPath, pathTemplate } from "./path-template.ts";
import type { LogHop } from "./traffic.ts";

/** Path templates kept apart per upstream; the rest is folded to its first segment, and beyond that into one. */
const maxTemplates = 2000;
/** The same for all upstreams together. */
const maxBuckets = 5000;
const maxCachedPaths = 20_000;

/** What the requests of one bucket have in common. */
export interface BucketIdentity {
  readonly upstreamName: string;
  readonly host?: string;
  /** Address that was asked before a default backend was: the upstream name is then the default backend's. */
  readonly handedOnFrom?: string;
  /** Station whose log counted them; absent: the gateway in the cluster. */
  readonly hop?: LogHop;
  readonly template: string;
  /** A path as it was really asked for, so that a rule can be matched against it: the least in order of those seen. */
  examplePath: string;
}

/** Numbered from 0 in order of appearance. */
export interface NumberedBucket extends BucketIdentity {
  readonly id: number;
  /** Other templates were put into it for their number. */
  readonly isCoarse: boolean;
}

/** Finds the bucket of a request. Remembers raw paths, so that most requests cost two map look-ups. */
export interface Buckets {
  readonly all: readonly NumberedBucket[];
  find(
    upstreamName: string,
    host: string,
    path: string,
    more?: Pick<BucketIdentity, "handedOnFrom" | "hop">,
  ): NumberedBucket;
  /** The bucket here of one that was found elsewhere. */
  place(bucket: BucketIdentity): NumberedBucket;
  /** Upstream names whose path templates were folded for their number. */
  readonly folded: Set<string>;
}

interface Upstream {
  readonly byKey: Map<string, NumberedBucket>;
  readonly byPath: Map<string, NumberedBucket>;
}

export function newBuckets(): Buckets {
  const upstreams = new Map<string, Upstream>();
  const all: NumberedBucket[] = [];
  const folded = new Set<string>();
  let lastName: string | undefined;
  let last: Upstream | undefined;

  function upstreamOf(name: string): Upstream {
    if (last !== undefined && name === lastName) return last;
    let upstream = upstreams.get(name);
    if (upstream === undefined) {
      upstream = { byKey: new Map(), byPath: new Map() };
      upstreams.set(name, upstream);
    }
    lastName = name;
    last = upstream;
    return upstream;
  }

  function place(upstream: Upstream, bucket: BucketIdentity): NumberedBucket {
    const { upstreamName, host = "", template, examplePath } = bucket;
    for (const [keptHost, keptTemplate] of candidates(host, template)) {
      const key = `${keptHost} ${keptTemplate}`;
      const found = upstream.byKey.get(key);
      if (found !== undefined) return withExample(found, examplePath);
      const isLast = keptTemplate === foldedTemplate && keptHost === foldedHost;
      const isExact = keptTemplate === template && keptHost === host;
      const limit = isExact ? maxTemplates : maxTemplates * 2;
      const most = isExact ? maxBuckets : maxBuckets * 1.5;
      if ((upstream.byKey.size >= limit || all.length >= most) && !isLast) continue;
      if (!isExact) folded.add(upstreamName);
      const made: NumberedBucket = {
        id: all.length,
        isCoarse: !isExact,
        upstreamName,
        ...(keptHost === "" ? {} : { host: keptHost }),
        ...moreOf(bucket),
        template: keptTemplate,
        examplePath,
      };
      all.push(made);
      upstream.byKey.set(key, made);
      return made;
    }
    throw new Error("the last candidate is always placed");
  }

  return {
    all,
    folded,
    find(upstreamName, host, path, more = {}) {
      const upstream = upstreamOf(keyOf(upstreamName, more));
      const query = path.indexOf("?");
      const plain = query === -1 ? path : path.slice(0, query);
      const cacheKey = host === "" ? plain : `${host} ${plain}`;
      const cached = upstream.byPath.get(cacheKey);
      if (cached !== undefined) return cached;
      const identity: BucketIdentity = {
        upstreamName,
        host,
        template: pathTemplate(plain),
        examplePath: plain.slice(0, Math.min(endOfPath(plain), 1000)),
        ...moreOf(more),
      };
      const bucket = place(upstream, identity);
      if (upstream.byPath.size >= maxCachedPaths) upstream.byPath.clear();
      upstream.byPath.set(cacheKey, bucket);
      return bucket;
    },
    place: (bucket) => place(upstreamOf(keyOf(bucket.upstreamName, bucket)), bucket),
  };
}

type More = Pick<BucketIdentity, "handedOnFrom" | "hop">;

const moreOf = ({ handedOnFrom, hop }: More): More => ({
  ...(handedOnFrom === undefined ? {} : { handedOnFrom }),
  ...(hop === undefined ? {} : { hop }),
});

const keyOf = (upstreamName: string, { handedOnFrom, hop }: More): string =>
  handedOnFrom === undefined && hop === undefined
    ? upstreamName
    : `${upstreamName} ${handedOnFrom ?? ""} ${hop ?? ""}`;

function withExample(bucket: NumberedBucket, path: string): NumberedBucket {
  if (path < bucket.examplePath) bucket.examplePath = path;
  return bucket;
}

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
