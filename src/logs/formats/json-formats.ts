import { parseObject } from "../json.ts";
import type { AccessFields, AccessFormat } from "./access-line.ts";
import { azureAppGateway } from "./azure-appgw.ts";
import { azureFrontDoor } from "./azure-front-door.ts";
import { mayBeAzure } from "./azure-record.ts";
import { cloudflare } from "./cloudflare.ts";
import { envoyJson } from "./envoy-json.ts";
import { gcpLb } from "./gcp-lb.ts";
import type { JsonEntry, JsonFormat } from "./json-format.ts";
import { mendJson } from "./mend-json.ts";
import { nginxJson } from "./nginx-json.ts";
import { traefikJson } from "./traefik-json.ts";

/** From those with unmistakable keys to the one that goes by common names. */
export const jsonFormatList: readonly JsonFormat[] = [
  envoyJson,
  gcpLb,
  cloudflare,
  azureAppGateway,
  azureFrontDoor,
  traefikJson,
  nginxJson,
];

/** Keys without which none of the other formats reads an entry that has no objects in it. */
const keysOfOthers = ["response_code", "EdgeResponseStatus", "DownstreamStatus", "OriginStatus"];

/** Whether nginx's format alone can read an entry with these keys, whatever strings and numbers they have. */
export const isNginxByKeys = (entry: JsonEntry): boolean =>
  !mayBeAzure(entry) && !keysOfOthers.some((key) => key in entry);

/** Parses a JSON line once; unquoted lists of nginx and bare dashes are mended. */
export function parseEntry(line: string): JsonEntry | undefined {
  if (line.charCodeAt(0) !== 123) return undefined;
  const entry = parseObject(line);
  if (entry !== undefined || !line.endsWith("}")) return entry;
  const mended = mendJson(line);
  return mended === line ? undefined : parseObject(mended);
}

/** All JSON formats as one, so that a line is parsed once whatever wrote it; each line names its own format. */
export const jsonFormats: AccessFormat = {
  name: "json",
  read(line: string): AccessFields | undefined {
    const entry = parseEntry(line);
    if (entry === undefined) return undefined;
    for (const format of jsonFormatList) {
      const fields = format.readEntry(entry, line);
      if (fields === undefined) continue;
      fields.format ??= format.name;
      if (format.hop !== undefined) fields.hop ??= format.hop;
      return fields;
    }
    return undefined;
  },
};

/** One JSON format by itself. */
export const alone = (format: JsonFormat): AccessFormat => ({
  name: format.name,
  ...(format.hop === undefined ? {} : { hop: format.hop }),
  read(line: string): AccessFields | undefined {
    const entry = parseEntry(line);
    return entry === undefined ? undefined : format.readEntry(entry, line);
  },
});
