/** A value that SciCat knows, and what it is. */
export interface Choice {
  readonly value: string;
  readonly about: string;
}

/** What SciCat has said may fill a field of a dataset, by the field's name. It is asked only on request. */
export class KnownChoices {
  #choices: ReadonlyMap<string, readonly Choice[]> = new Map();

  of(field: string): readonly Choice[] {
    return this.#choices.get(field) ?? [];
  }

  set(choices: ReadonlyMap<string, readonly Choice[]>): void {
    this.#choices = choices;
  }
}
