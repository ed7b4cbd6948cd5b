import { randomInt } from "node:crypto";

/** kubernetes apimachinery pkg/util/rand/rand.go: no vowels and no look-alikes, so no words come out. */
const letters = "bcdfghjklmnpqrstvwxz2456789";

/** Five characters, as the API server completes a generateName. */
export const randomSuffix = (): string =>
  Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join("");

/** kubernetes apimachinery pkg/util/rand/rand.go SafeEncodeString. */
export const safeEncode = (text: string): string =>
  Array.from(text, (character) => letters[character.charCodeAt(0) % letters.length]).join("");
