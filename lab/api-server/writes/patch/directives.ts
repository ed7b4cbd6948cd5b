/** Words of a strategic merge patch that are no fields (apimachinery pkg/util/strategicpatch/patch.go). */
export const directive = "$patch";
export const retainKeys = "$retainKeys";

const after = (name: string, prefix: string): string | undefined =>
  name.startsWith(prefix) ? name.slice(prefix.length) : undefined;

/** The list whose order `$setElementOrder/LIST` gives. */
export const isOrderOf = (name: string): string | undefined => after(name, "$setElementOrder/");

/** The list from which `$deleteFromPrimitiveList/LIST` takes values. */
export const isPrimitiveDeletion = (name: string): string | undefined =>
  after(name, "$deleteFromPrimitiveList/");
