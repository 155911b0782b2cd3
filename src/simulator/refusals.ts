/**
 * What the API server refuses of what a scenario wants done: actions of its timeline, and objects and pods of its
 * workload. Of the pods that nobody waits for, only the first of each reason and namespace is told, with their number.
 */
import type { ApiError } from '../kube/api.ts';
import { lookupKind } from '../kube/kinds.ts';
import type { PodInit } from '../kube/pod-object.ts';
import type { KubeObject } from '../kube/types.ts';
import type { RefusalRecord } from '../metrics/records.ts';
import type { Place } from '../scenario/located-yaml.ts';
import { objectKey } from '../scenario/object-set.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ActionReport } from './actions/timed-actions.ts';

export class Refusals {
  readonly #scenario: Scenario;
  readonly #onRefusal: (refusal: RefusalRecord) => void;
  readonly #refusals: RefusalRecord[] = [];
  /** Refused pods of the workload by reason and namespace: the place of the first in the list, and their number. */
  readonly #pods = new Map<string, { readonly index: number; count: number }>();

  /** `onRefusal` hears of each as it happens. */
  constructor(scenario: Scenario, onRefusal: (refusal: RefusalRecord) => void) {
    this.#scenario = scenario;
    this.#onRefusal = onRefusal;
  }

  /** In the order of time. */
  list(): RefusalRecord[] {
    const list = [...this.#refusals];
    for (const { index, count } of this.#pods.values()) {
      const { reason, ...refusal } = list[index]!;
      if (count > 1) list[index] = { ...refusal, reason: `${reason} (and ${count - 1} more pods)` };
    }
    return list;
  }

  action({ action: { name, place, atUs }, refusal: reason }: ActionReport): void {
    if (reason !== undefined) this.#add({ atUs, place: textOf(place), action: name, reason });
  }

  /** Something of the workload: an object, or a pod of a trace or generator. */
  arrival(target: KubeObject | PodInit, { reason, message }: ApiError, atUs: number): void {
    if ('kind' in target) {
      const place = textOf(this.#placeOf(target));
      this.#add({ atUs, place, action: 'create', reason: `${nameOf(target)}: ${message}` });
      return;
    }
    const key = `${reason} ${target.shape.namespace}`;
    const known = this.#pods.get(key);
    if (known) {
      known.count++;
      return;
    }
    this.#pods.set(key, { index: this.#refusals.length, count: 1 });
    this.#add({ atUs, place: this.#scenario.file, action: 'create', reason: message });
  }

  #add(refusal: RefusalRecord): void {
    this.#refusals.push(refusal);
    this.#onRefusal(refusal);
  }

  #placeOf(object: KubeObject): Place {
    const { places, file } = this.#scenario;
    return places.get(nameOf(object)) ?? { file, line: 1, column: 1 };
  }
}

function textOf({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

function nameOf({ apiVersion, kind: given, metadata: { namespace, name = '' } }: KubeObject): string {
  const lookup = lookupKind(apiVersion, given);
  return lookup.status === 'known' ? objectKey(lookup.kind, namespace, name) : `${given} ${name}`;
}
