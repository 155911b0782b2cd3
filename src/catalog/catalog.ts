// The catalogue: types of the big clouds, and the user's own beside or over them.
import { InputError } from '../base/errors.ts';
import { nearestName } from '../base/nearest.ts';
import { AWS } from './aws.ts';
import { AZURE } from './azure.ts';
import { GCP } from './gcp.ts';
import type { InstanceType } from './instance-type.ts';

export const BUILT_IN: readonly InstanceType[] = [...AWS, ...AZURE, ...GCP];

export class Catalog {
  #byName: ReadonlyMap<string, InstanceType>;

  /** The built-in types, replaced by `own` where names are equal. */
  constructor(own: readonly InstanceType[] = []) {
    this.#byName = new Map([...BUILT_IN, ...own].map((type) => [type.name, type]));
  }

  get types(): readonly InstanceType[] {
    return [...this.#byName.values()];
  }

  get(name: string): InstanceType | undefined {
    return this.#byName.get(name);
  }

  /** Throws an InputError with the nearest known name. */
  find(name: string): InstanceType {
    const type = this.get(name);
    if (type !== undefined) return type;
    const nearest = nearestName(name, this.#byName.keys());
    const hint = nearest === undefined ? 'give it with --catalog' : `did you mean "${nearest}"?`;
    throw new InputError(`the catalogue has no instance type "${name}"; ${hint}`);
  }
}
