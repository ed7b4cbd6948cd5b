import type { Ingress } from "kubernetes-types/networking/v1";
import type { Shot } from "../../act/load/shot.ts";
import { isOwnHost } from "../../base/address.ts";
import type { Route } from "../../derive/views.ts";
import { type Evidence, get } from "../../evidence/evidence.ts";
import type { Target } from "../../target/target.ts";
import type { FlagValues } from "../flags.ts";
import { UsageProblem } from "../usage-problem.ts";
import { addressOf } from "./numbers.ts";

interface About {
  readonly evidence: Evidence;
  readonly target: Target;
  readonly route: Route;
  /** What failed most, when the log says it. */
  readonly failing?: { readonly method: string; readonly path: string };
  readonly method?: string;
}

/** The request to send and where to: what was asked for, else what failed, at the address that the route's Ingress has. @throws UsageProblem */
export function shotOf(values: FlagValues, about: About): Shot {
  const ingress = ingressOf(about);
  const url = urlOf(values, about, ingress);
  const connectTo =
    values["connect-to"] === undefined
      ? values.url === undefined
        ? gatewayAddress(ingress, url)
        : undefined
      : addressOf(values["connect-to"], "--connect-to");
  const shot: Shot = {
    method: about.method ?? about.failing?.method ?? "GET",
    url,
    ...(connectTo === undefined ? {} : { connectTo }),
    isInsecure: values.insecure === true,
  };
  requireOwn(shot, about, ingress, values);
  return shot;
}

function urlOf(values: FlagValues, about: About, ingress: Ingress | undefined): URL {
  if (values.url !== undefined) {
    const url = URL.parse(values.url);
    if (url === null || !/^https?:$/.test(url.protocol))
      throw new UsageProblem(`--url ${values.url}: give an http or https URL.`);
    return url;
  }
  const { target, route, failing } = about;
  const asked = target.kind === "url" ? target : undefined;
  const host = asked?.host ?? route.host;
  if (host === undefined || host.includes("*"))
    throw new UsageProblem(
      `${route.target} names no single host to send a request to: give the whole URL, --url http://HOST/PATH (or --no-verify with fix --apply).`,
    );
  const given = asked?.text.match(/^https?(?=:)/)?.[0];
  const scheme = given ?? (isTls(ingress, host) ? "https" : "http");
  const port = asked?.text.includes("://") === true ? (URL.parse(asked.text)?.port ?? "") : "";
  const path = failing?.path ?? asked?.path ?? route.path ?? "/";
  const url = URL.parse(
    `${scheme}://${host}${port === "" ? "" : `:${port}`}${path.startsWith("/") ? path : "/"}`,
  );
  if (url === null) throw new UsageProblem(`"${path}" cannot be sent again: name a request with --url.`);
  return url;
}

const isTls = (ingress: Ingress | undefined, host: string): boolean =>
  ingress?.spec?.tls?.some((tls) => tls.hosts?.includes(host) === true) === true;

function ingressOf({ evidence, route }: About): Ingress | undefined {
  const object = route.rule?.object;
  if (object === undefined || object.kind !== "Ingress") return undefined;
  const found = get(evidence, "ingresses", object.name, object.namespace);
  return found.state === "present" ? found.value : undefined;
}

function gatewayAddress(ingress: Ingress | undefined, url: URL): Shot["connectTo"] {
  const [first] = ingress?.status?.loadBalancer?.ingress ?? [];
  const host = first?.ip ?? first?.hostname;
  if (host === undefined) return undefined;
  return { host, port: url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port) };
}

/** Somebody else's host is not sent requests to by a slip of the hand. */
function requireOwn(
  shot: Shot,
  { target, route }: About,
  ingress: Ingress | undefined,
  values: FlagValues,
): void {
  if (values.yes === true) return;
  const host = shot.connectTo?.host ?? shot.url.hostname;
  const published = ingress?.status?.loadBalancer?.ingress?.flatMap((i) => [i.ip, i.hostname]) ?? [];
  const named = [target.kind === "url" ? target.host : undefined, route.host, ...published];
  if (isOwnHost(host) || named.includes(host)) return;
  throw new UsageProblem(
    `${host} is neither a private address nor what ${route.target} names. If requests may be sent there, say so: --yes.`,
  );
}
