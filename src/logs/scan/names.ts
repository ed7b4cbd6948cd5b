/** Numbers given to texts in the order in which they are first seen. */
export class Names {
  readonly list: string[] = [];
  readonly #ids = new Map<string, number>();
  readonly #maxNames: number;
  readonly #rest: string;
  /** Whether texts were put together under the name of the rest. */
  folded = false;

  constructor(maxNames: number, rest: string) {
    this.#maxNames = maxNames;
    this.#rest = rest;
  }

  idOf(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    if (this.list.length < this.#maxNames || name === this.#rest) return this.#add(name);
    this.folded = true;
    return this.idOf(this.#rest);
  }

  #add(name: string): number {
    const id = this.list.push(name) - 1;
    this.#ids.set(name, id);
    return id;
  }
}
