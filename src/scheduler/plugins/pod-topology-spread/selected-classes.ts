/**
 * The pod classes whose pods a constraint counts. Only classes with a label that the selector asks for are looked at, as
 * there may be thousands of others.
 */
import type { PodClass, PodClasses } from '../../../cluster/pod-class.ts';
import { compileSelector, type PodSelector } from './pod-selector.ts';

export class SelectedClasses {
  readonly #classes: PodClasses;
  readonly #namespace: string;
  readonly #selects: (labels: PodClass['labels']) => boolean;
  /** Numbers of the classes that can be selected at all; undefined = any. */
  readonly #candidates: readonly number[] | undefined;
  readonly #ids: number[] = [];
  #isSelected = new Uint8Array(0);
  /** Classes and candidates below these are known. */
  #nClasses = 0;
  #nCandidates = 0;

  constructor(selector: PodSelector, { namespace }: PodClass, classes: PodClasses) {
    this.#classes = classes;
    this.#namespace = namespace;
    this.#selects = compileSelector(selector);
    const [pair] = (selector ?? []).flatMap(({ matchLabels }) => Object.entries(matchLabels ?? {}));
    this.#candidates = pair && classes.withLabel(...pair);
  }

  /** Numbers of the selected classes. */
  get ids(): readonly number[] {
    if (this.#nClasses < this.#classes.all.length) this.#learn();
    return this.#ids;
  }

  has({ id }: PodClass): boolean {
    if (id >= this.#nClasses) this.#learn();
    return this.#isSelected[id] === 1;
  }

  #learn(): void {
    const { all } = this.#classes;
    this.#nClasses = all.length;
    if (this.#isSelected.length < all.length) {
      const isSelected = new Uint8Array(2 * all.length);
      isSelected.set(this.#isSelected);
      this.#isSelected = isSelected;
    }
    const nCandidates = (this.#candidates ?? all).length;
    for (; this.#nCandidates < nCandidates; this.#nCandidates++) {
      const cls = all[this.#candidates ? this.#candidates[this.#nCandidates]! : this.#nCandidates]!;
      if (cls.namespace !== this.#namespace || !this.#selects(cls.labels)) continue;
      this.#isSelected[cls.id] = 1;
      this.#ids.push(cls.id);
    }
  }
}
