import { notAcceptable } from "./status.ts";

/** How a client wants objects shown. */
export type Shape = "object" | "table" | "metadata";

/** One media type of an Accept header: its name and its parameters. */
interface MediaType {
  readonly type: string;
  readonly params: ReadonlyMap<string, string>;
}

export function mediaTypes(accept: string): MediaType[] {
  return accept.split(",").map((entry) => {
    const [type = "", ...params] = entry.split(";").map((p) => p.trim());
    return {
      type: type.toLowerCase(),
      params: new Map(params.map((p) => [p.split("=")[0] ?? "", p.split("=")[1] ?? ""])),
    };
  });
}

const anyJson = new Set(["application/json", "application/*", "*/*", ""]);
const offered = ["application/json"];

/**
 * The first shape of the Accept header this server can give.
 * @throws StatusError 406 when it can give none (protobuf only)
 */
export function negotiate(accept: string): Shape {
  for (const { type, params } of mediaTypes(accept)) {
    if (!anyJson.has(type)) continue;
    const as = params.get("as");
    if (as === undefined) return "object";
    if (params.get("v") !== "v1" || params.get("g") !== "meta.k8s.io") continue;
    if (as === "Table") return "table";
    if (as === "PartialObjectMetadata" || as === "PartialObjectMetadataList") return "metadata";
  }
  throw notAcceptable(offered);
}
