/** Which requests are counted. Lines that fall out are still counted as lines. */
export interface ScanFilter {
  /** End of the request; from this moment on. */
  readonly fromMs?: number;
  /** End of the request; before this moment. */
  readonly toMs?: number;
  readonly host?: string;
  /** How the path begins. */
  readonly path?: string;
  /** NAME or NAMESPACE/NAME of the Service, looked for in the upstream's name. */
  readonly service?: string;
  /** "502", "009", or a class: "5xx". */
  readonly status?: string;
}

/** A filter made ready for being asked many times. */
export interface Filter {
  readonly fromMs: number;
  readonly toMs: number;
  readonly path: string;
  /** Asked of what many requests share. */
  hasUpstream(upstreamName: string): boolean;
  hasHost(host: string): boolean;
  hasStatus(status: number): boolean;
  /** Error lines alone cannot tell whether they belong to what is asked for. */
  readonly onlyTimes: boolean;
}

export function newFilter(filter: ScanFilter | undefined): Filter | undefined {
  if (filter === undefined || Object.values(filter).every((value) => value === undefined)) return undefined;
  const { fromMs, toMs, host, path, service, status } = filter;
  const [low, high] = status === undefined ? [0, 1000] : statusRange(status);
  const words = service === undefined ? undefined : wordsOf(service);
  return {
    fromMs: fromMs ?? Number.NEGATIVE_INFINITY,
    toMs: toMs ?? Number.POSITIVE_INFINITY,
    path: path ?? "",
    hasUpstream: (name) => words === undefined || words.test(name),
    hasHost: (name) => host === undefined || name.toLowerCase() === host.toLowerCase(),
    hasStatus: (code) => code >= low && code < high,
    onlyTimes: [host, path, service, status].every((value) => value === undefined),
  };
}

function statusRange(status: string): [number, number] {
  const family = /^([1-9])xx$/i.exec(status);
  if (family !== null) return [Number(family[1]) * 100, Number(family[1]) * 100 + 100];
  return [Number(status), Number(status) + 1];
}

/**
 * ingress-nginx writes NAMESPACE-SERVICE-PORT, Traefik adds "@kubernetes", others write "service.namespace…" or
 * "namespace/service": the words must stand there whole, in any of those orders.
 */
function wordsOf(service: string): RegExp {
  const [first = "", second] = service.split("/", 2);
  const edge = "(?:^|[^A-Za-z0-9])";
  const stop = "(?=$|[^A-Za-z0-9])";
  const word = (text: string): string => edge + text.replace(/[^A-Za-z0-9]/g, (c) => `\\${c}`) + stop;
  if (second === undefined) return new RegExp(word(first));
  return new RegExp(`^(?=.*?${word(first)})(?=.*?${word(second)})`, "s");
}
