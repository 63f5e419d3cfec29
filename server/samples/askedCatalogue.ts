import type { CatalogueReader } from '../../core/imsc/evaluation/readers.ts';
import { ReadFailure } from '../../core/imsc/evaluation/readers.ts';
import { NotKnown } from '../../core/imsc/evaluation/readers.ts';

type Answer = Awaited<ReturnType<CatalogueReader['get']>>;

/** Answers of SciCat that are kept for one schema. */
const mostAnswers = 500;

/** What SciCat has answered when it was asked. It is asked only on request, never while somebody types. */
export class AskedCatalogue {
  readonly #answers = new Map<string, Answer | ReadFailure>();

  get empty(): boolean {
    return this.#answers.size === 0;
  }

  /** Gives what is known already; anything else is unknown. */
  readonly known: CatalogueReader = {
    get: (url) => {
      const answer = this.#answers.get(url);
      if (answer === undefined) return Promise.reject(new NotKnown(`SciCat was not asked for ${url}.`));
      return answer instanceof ReadFailure ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };

  /** Asks SciCat and keeps the answers. */
  asking(reader: CatalogueReader): CatalogueReader {
    return {
      get: async (url) => {
        try {
          const answer = await reader.get(url);
          this.#keep(url, answer);
          return answer;
        } catch (error) {
          if (error instanceof ReadFailure) this.#keep(url, error);
          throw error;
        }
      },
    };
  }

  #keep(url: string, answer: Answer | ReadFailure): void {
    this.#answers.delete(url);
    this.#answers.set(url, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > mostAnswers && oldest !== undefined) this.#answers.delete(oldest);
  }
}
