import type { Resource } from "../../../src/evidence/kinds.ts";
import type { Column } from "./column.ts";

const columns: { readonly [R in Resource]?: readonly Column[] } = {};

/** Columns as the API server's printers give them; undefined: name and age only. */
export const columnsOf = (resource: Resource): readonly Column[] | undefined => columns[resource];
