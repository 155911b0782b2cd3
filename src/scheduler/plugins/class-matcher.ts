/** A question about pod classes that is answered once per class: whether a selector matches pods of that class. */
import type { PodClass } from '../../cluster/pod-class.ts';

const UNKNOWN = 0;
const NO = 1;
const YES = 2;

/** Remembers a predicate's answers by class id; the classes must all be of one cluster. */
export class ClassMatcher {
  readonly #predicate: (cls: PodClass) => boolean;
  #answers = new Uint8Array(64);

  constructor(predicate: (cls: PodClass) => boolean) {
    this.#predicate = predicate;
  }

  matches(cls: PodClass): boolean {
    const { id } = cls;
    if (id >= this.#answers.length) this.#grow(id);
    if (this.#answers[id] === UNKNOWN) this.#answers[id] = this.#predicate(cls) ? YES : NO;
    return this.#answers[id] === YES;
  }

  #grow(id: number): void {
    const answers = new Uint8Array(Math.max(id + 1, this.#answers.length * 2));
    answers.set(this.#answers);
    this.#answers = answers;
  }
}
