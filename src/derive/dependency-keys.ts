import { connectionString, hostAndPort, urlAddresses, type WrittenAddress } from "./dependency-text.ts";

/** One configured value with the name it is configured under. */
export interface ConfiguredValue {
  readonly key: string;
  readonly value: string;
}

/** Addresses the process listens on or is reached by, not ones it calls. */
const ownKey =
  /(^|_)(LISTEN|BIND|ADVERTISED?|ALLOWED|CORS|PUBLIC|EXTERNAL|CALLBACK|REDIRECT|VIRTUAL|ORIGINS?)(_|$)|^(HOST|HOSTNAME|PORT|ADDR|ADDRESS|SERVER_NAME|SERVER_HOST|SERVER_ADDRESS|DOMAIN)$|NO_PROXY/;
/** "redis:7" is an image here, "1:30" a time. */
const neverKey =
  /(^|_)(IMAGE|TAG|VERSION|SCHEDULE|CRON|TIME|PATH|DIR|FILE|VOLUME|USER|USERNAME|PASSWORD|TOKEN|KEY)$/;
const strongKey = /(HOST|HOSTNAME|HOSTS|ADDR|ADDRESS|ADDRESSES)$/;
const weakKey = /(SERVER|SERVERS|ENDPOINT|ENDPOINTS|URL|URI|BROKER|BROKERS|NODES|UPSTREAM)$/;
/** Lowest port that "name:number" under a key that says nothing is taken for. */
const lowestPort = 25;

/** An address found under a key; `weak` ones are peers only if a Service of that name exists. */
export interface ConfiguredAddress extends WrittenAddress {
  readonly weak: boolean;
}

/**
 * The addresses that one value means, given its siblings (PREFIX_HOST with PREFIX_PORT). Reads
 * URLs, connection strings, "host:port" lists and, under a key that says so, a bare host.
 */
export function addressesOf(
  { key, value }: ConfiguredValue,
  siblings: ReadonlyMap<string, string>,
): readonly ConfiguredAddress[] {
  const name = normalised(key);
  if (ownKey.test(name) || value.length > 4000) return [];
  const urls = urlAddresses(value);
  if (urls.length > 0) return urls.map(certain);
  if (/[=(]|^jdbc:/.test(value)) return connectionString(value).map(certain);
  if (neverKey.test(name)) return [];
  const port = siblingPort(name, siblings);
  return value.split(",").flatMap((part) => bare(name, part, port));
}

const certain = (address: WrittenAddress): ConfiguredAddress => ({ ...address, weak: false });

function bare(name: string, text: string, siblingPort: number | undefined): readonly ConfiguredAddress[] {
  const address = hostAndPort(text);
  if (address === undefined) return [];
  const strong = strongKey.test(name);
  const weak = weakKey.test(name);
  if (address.port !== undefined) {
    return strong || weak || address.port >= lowestPort ? [{ ...address, weak: false }] : [];
  }
  if (!strong && !weak) return [];
  return siblingPort === undefined
    ? [{ ...address, weak: !strong }]
    : [{ ...address, port: siblingPort, weak: false }];
}

/** DB_HOST pairs with DB_PORT, PGHOST with PGPORT, spring.redis.host with spring.redis.port. */
function siblingPort(name: string, siblings: ReadonlyMap<string, string>): number | undefined {
  const stem = name.replace(/(HOSTNAME|HOSTS?|ADDRESS|ADDR|SERVER|ENDPOINT|URL|URI)$/, "");
  if (stem === name || stem === "") return undefined;
  for (const [key, value] of siblings) {
    if (normalised(key) === `${stem}PORT` && /^\d{1,5}$/.test(value)) return Number(value);
  }
  return undefined;
}

const normalised = (key: string): string => key.replace(/[^A-Za-z0-9]+/g, "_").toUpperCase();

/** An address of a command line, with the flag it is the value of. */
export interface CommandAddress extends ConfiguredAddress {
  readonly flag?: string;
}

/** Addresses in a command line: values of flags, lone "host:port" words, URLs, and `nc HOST PORT` of wait scripts. */
export function commandAddresses(words: readonly string[]): readonly CommandAddress[] {
  return words.flatMap((word, i): readonly CommandAddress[] => {
    const joined = /^(--?([A-Za-z][\w.-]*))=(.*)$/s.exec(word);
    if (joined !== null) return flagAddresses(joined[1] ?? "", joined[3] ?? "");
    const before = words[i - 1] ?? "";
    const isValue = /^--?[A-Za-z][\w.-]*$/.test(before) && !/^-|\s/.test(word);
    return isValue ? flagAddresses(before, word) : scriptAddresses(word);
  });
}

const flagAddresses = (flag: string, value: string): readonly CommandAddress[] =>
  addressesOf({ key: flag.replace(/^-+/, ""), value }, new Map()).map((address) => ({ ...address, flag }));

function scriptAddresses(script: string): readonly ConfiguredAddress[] {
  const urls = urlAddresses(script);
  const waits = [...script.matchAll(/\bnc\s+(?:-\S+\s+)*([A-Za-z0-9.-]+)\s+(\d{2,5})\b/g)];
  const words = script.split(/[\s"';|&()<>]+/).filter((w) => /^[A-Za-z][\w.-]*:\d{2,5}$/.test(w));
  const plain = [...waits.map((m) => `${m[1]}:${m[2]}`), ...words].flatMap((text) => hostAndPort(text) ?? []);
  const calls = plain.filter((address) => (address.port ?? 0) >= lowestPort);
  return [...urls, ...calls].map((address) => ({ ...address, weak: false }));
}
