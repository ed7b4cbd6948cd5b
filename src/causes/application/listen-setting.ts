import type { PodView } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import type { Fix } from "../fix.ts";
import { ownerOf } from "../pods.ts";
import { see } from "../see.ts";
import { templateFix } from "../template-fix.ts";

/**
 * Names by which servers take the address to listen on (HOST of Node frameworks, SERVER_ADDRESS of Spring Boot,
 * BIND_ADDR, LISTEN_HOST, …); DB_HOST and the like say where somebody else is.
 */
const names =
  /^(?:HOST|(?:HTTP|SERVER|APP|WEB|LISTEN|BIND)_?(?:HOST|ADDR(?:ESS)?|IP)?|\w+_(?:LISTEN|BIND)(?:_(?:HOST|ADDR(?:ESS)?))?)$/i;

/** "--host=127.0.0.1", "--bind 127.0.0.1:8000": the flag, and its value where it stands in the same word. */
const flags =
  /^(?<flag>--?(?:host|bind|listen|addr|address|http-addr|listen-address|server\.address))(?:=(?<value>.*))?$/;

/** Lets the application listen everywhere, in the one place where its container says otherwise; advice where none or several do. */
export function listenFix(pod: PodView, containerName: string, port: number | undefined): Fix {
  const owner = ownerOf(pod);
  const spec = pod.containers.find(({ name }) => name === containerName)?.spec;
  const opened = (value: string | undefined): string | undefined => everywhere(value, port);
  const places = [
    ...(spec?.env ?? []).flatMap(({ name, value }) => {
      const wanted = names.test(name) ? opened(value) : undefined;
      return wanted === undefined
        ? []
        : [{ text: `${name}=${wanted}`, change: { env: [{ name, value: wanted }] } }];
    }),
    ...(["command", "args"] as const).flatMap((field) => {
      const words = spec?.[field] ?? [];
      const changed = words.map((word, i) => openedWord(word, words[i - 1], opened));
      const first = changed.find((word, i) => word !== words[i]);
      return first === undefined ? [] : [{ text: `${field} ${first}`, change: { [field]: changed } }];
    }),
  ];
  const [place, ...others] = places;
  const title = `Let the application of ${refText(owner)} listen on 0.0.0.0 (or ::) port ${port}`;
  if (place === undefined || others.length > 0)
    return {
      title: `${title}: its host or bind setting`,
      applicability: "display-only",
      commands: [see.edit(owner)],
    };
  return {
    title: `${title}: ${place.text}`,
    applicability: "unsafe",
    ...templateFix(owner, { containers: [{ name: containerName, ...place.change }] }),
    effect: "replaces the pods; whatever reaches the pods' addresses reaches the application",
  };
}

function openedWord(
  word: string,
  before: string | undefined,
  opened: (value: string | undefined) => string | undefined,
): string {
  const { flag, value } = flags.exec(word)?.groups ?? {};
  if (flag !== undefined && value !== undefined) {
    const wanted = opened(value);
    return wanted === undefined ? word : `${flag}=${wanted}`;
  }
  const isValue =
    before !== undefined && flags.exec(before)?.groups?.["value"] === undefined && flags.test(before);
  return (isValue ? opened(word) : undefined) ?? word;
}

/** "127.0.0.1:8000" → "0.0.0.0:8000"; undefined for another address, or another port than the one that is meant. */
function everywhere(value: string | undefined, port: number | undefined): string | undefined {
  const match = /^(?:127\.0\.0\.1|localhost|(?<six>::1|\[::1\]))(?::(?<port>\d+))?$/.exec(value ?? "");
  if (match === null) return undefined;
  const { six, port: own } = match.groups ?? {};
  if (own !== undefined && port !== undefined && Number(own) !== port) return undefined;
  const address = six === undefined ? "0.0.0.0" : six.replace("1", "");
  return own === undefined ? address : `${address}:${own}`;
}
