import type {
  ChildrenPage,
  NexusAttribute,
  NexusData,
  NexusEntry,
  NexusFile,
  NexusNode,
  NexusStorage,
} from '../model.ts';
import type { Question } from './workerProtocol.ts';

/** A file that is read elsewhere: each method asks the question of its name. */
export class QuestionedFile implements NexusFile {
  readonly path: string;
  readonly #answer: (question: Question) => Promise<unknown>;
  readonly #close: () => Promise<void>;

  /**
   * @param answer answers with what the method of that name returns
   * @param close not given where others may have the same file open, which is then closed when nobody asks any more
   */
  constructor(
    path: string,
    answer: (question: Question) => Promise<unknown>,
    close: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.path = path;
    this.#answer = answer;
    this.#close = close;
  }

  describe(path: string): Promise<NexusNode> {
    return this.#ask<NexusNode>({ method: 'describe', path });
  }

  childNames(path: string, page?: { offset: number; limit: number }): Promise<ChildrenPage> {
    return this.#ask<ChildrenPage>({ method: 'childNames', path, page });
  }

  childKinds(path: string, page?: { offset: number; limit: number }): Promise<{ total: number; nodes: NexusEntry[] }> {
    return this.#ask<{ total: number; nodes: NexusEntry[] }>({ method: 'childKinds', path, page });
  }

  children(path: string, page?: { offset: number; limit: number }): Promise<{ total: number; nodes: NexusNode[] }> {
    return this.#ask<{ total: number; nodes: NexusNode[] }>({ method: 'children', path, page });
  }

  read(path: string, limit?: number): Promise<NexusData> {
    return this.#ask<NexusData>({ method: 'read', path, limit });
  }

  attributes(path: string): Promise<ReadonlyMap<string, NexusAttribute>> {
    return this.#ask<ReadonlyMap<string, NexusAttribute>>({ method: 'attributes', path });
  }

  storage(path: string): Promise<NexusStorage> {
    return this.#ask<NexusStorage>({ method: 'storage', path });
  }

  identity(path: string): Promise<string> {
    return this.#ask<string>({ method: 'identity', path });
  }

  close(): Promise<void> {
    return this.#close();
  }

  #ask<T>(question: Question): Promise<T>;
  #ask(question: Question): Promise<unknown> {
    return this.#answer(question);
  }
}
