import type { KindMap, Resource } from "./kinds.ts";
import { redacted, redactText } from "./redact-text.ts";
import { trimObject } from "./trim.ts";

/**
 * An object as it may leave the cluster: environment values, annotations, ConfigMap entries and arguments
 * that look like credentials are replaced, references to Secrets stay (they are names). Secrets themselves
 * are never read.
 */
export function redactObject<R extends Resource>(resource: R, object: KindMap[R]): KindMap[R] {
  const walk = resource === "configmaps" ? redactConfigMap : redactValue;
  return walk(trimObject(object)) as KindMap[R];
}

/** Names whose value is a credential: DB_PASSWORD, clientSecret, x-api-key, AWS_SECRET_ACCESS_KEY. */
const secretName =
  /passw(or)?d|passphrase|secret|credential|(^|[^a-z])(pwd|pass|auth|creds?)$|token|(api|access|private|signing|encryption|license|master|account|session|auth|secret)[_.-]?keys?($|[^a-z])/i;

/** Names that speak of a credential and hold something else: PASSWORD_FILE, TOKEN_TTL, SECRET_SERVICE_HOST, server-tokens. */
const harmlessName =
  /(file|path|dir|name|namespace|host|addr|address|port|url|uri|endpoint|service|enabled?|disabled?|required|type|kind|issuer|audience|algorithm|header|policy|length|count|size|limit|ttl|timeout|expiry|expiration|interval|seconds|minutes|days|mode|provider|realm|scope|version|tokens|_id|-id)$|^(automount|secretref)/i;

/** Values that cannot be a credential, whatever their name. */
const harmlessValue =
  /^(|true|false|yes|no|on|off|null|none|\d{1,4}|\$\([\w.-]+\)|\$\{[\w.-]+\}|\/[\w./-]+)$/i;

/** Ingress controllers and cert-manager name a Secret in annotations such as auth-secret and auth-tls-secret. */
const namesSecret =
  /(ingress\.kubernetes\.io|nginx\.(org|com)|haproxy\.org|haproxy-ingress\.github\.io|konghq\.com|projectcontour\.io|traefik\.io|cert-manager\.io|appgw\.ingress\.kubernetes\.io)\/[\w-]*secret[\w-]*$/;

/** The value of something named: an environment variable, an annotation, an entry of a ConfigMap. */
function redactNamed(name: string, value: string): string {
  const text = redactText(value);
  if (text !== value || harmlessValue.test(value) || value.includes(redacted)) return text;
  if (!secretName.test(name) || harmlessName.test(name)) return text;
  return isAddress(value) ? text : redacted;
}

/** A URL without credentials, or host:port: what a variable with an unlucky name points to. */
const isAddress = (value: string): boolean =>
  /^[a-z][a-z0-9+.-]{1,20}:\/\/[^\s@]+$/i.test(value) || /^[a-z0-9.-]{1,253}:\d{2,5}$/i.test(value);

function redactValue(value: unknown): unknown {
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value !== "object" || value === null) return value;
  const map = value as Readonly<Record<string, unknown>>;
  const pair = typeof map["name"] === "string" && typeof map["value"] === "string" ? map["name"] : undefined;
  return Object.fromEntries(
    Object.entries(map).map(([key, item]) => {
      if (key === "annotations") return [key, redactEntries(item, namesSecret)];
      if (key === "args" || key === "command") return [key, redactArguments(item)];
      if (key === "value" && pair !== undefined) return [key, redactNamed(pair, item as string)];
      return [key, redactValue(item)];
    }),
  );
}

function redactConfigMap(object: unknown): unknown {
  const map = object as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(map).map(([key, item]) => {
      if (key === "data") return [key, redactEntries(item)];
      // Key stores and archives: nothing reads them here, and nothing could redact them.
      if (key === "binaryData") return [key, redactEntries(item, undefined, () => redacted)];
      return [key, redactValue(item)];
    }),
  );
}

function redactEntries(
  item: unknown,
  exempt?: RegExp,
  redact: (name: string, value: string) => string = redactNamed,
): unknown {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return redactValue(item);
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => {
      if (typeof value !== "string") return [name, redactValue(value)];
      return [name, exempt?.test(name) === true ? redactText(value) : redact(name, value)];
    }),
  );
}

/** `--db-password hunter2` as two arguments; as one it is free text. */
function redactArguments(item: unknown): unknown {
  if (!Array.isArray(item)) return redactValue(item);
  return item.map((argument: unknown, at) => {
    const flag: unknown = item[at - 1];
    if (typeof argument !== "string") return redactValue(argument);
    const isValue = typeof flag === "string" && /^--?[\w.-]+$/.test(flag) && !argument.startsWith("-");
    return isValue ? redactNamed(flag, argument) : redactText(argument);
  });
}
