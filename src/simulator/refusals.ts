/**
 * What the API server refuses of what a scenario wants done: actions of its timeline, objects and pods of its workload,
 * and pods of controllers. Of pods that many are refused of, only the first is told, with their number.
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

/** `isAsked`: the scenario asked for it itself; a controller's pods are asked for again and again. */
export type OnRefusal = (refusal: RefusalRecord, isAsked: boolean) => void;

/** Refusals of one kind: the place of the first in the list, and their number. */
interface Alike {
  readonly index: number;
  readonly noun: string;
  count: number;
}

export class Refusals {
  readonly #scenario: Scenario;
  readonly #onRefusal: OnRefusal;
  readonly #refusals: RefusalRecord[] = [];
  /** Refused pods, of the workload by reason and namespace, of controllers by these. */
  readonly #pods = new Map<string, Alike>();

  /** `onRefusal` hears of each as it happens. */
  constructor(scenario: Scenario, onRefusal: OnRefusal) {
    this.#scenario = scenario;
    this.#onRefusal = onRefusal;
  }

  /** In the order of time. */
  list(): RefusalRecord[] {
    const list = [...this.#refusals];
    for (const { index, noun, count } of this.#pods.values()) {
      const { reason, ...refusal } = list[index]!;
      if (count > 1)
        list[index] = {
          ...refusal,
          reason: `${reason} (and ${count - 1} more ${noun}${count === 2 ? '' : 's'})`,
        };
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
    const refusal = { atUs, place: this.#scenario.file, action: 'create', reason: message };
    this.#addOnce(`${reason} ${target.shape.namespace}`, 'pod', refusal, true);
  }

  /** A pod that a workload's controller wants, and tries to create again and again. */
  podOf(workload: string, { code, message }: ApiError, atUs: number): void {
    // Another controller was faster, or the namespace is going: no mistake of anybody.
    if (code === 409 || message.includes('being terminated')) return;
    const place = this.#scenario.places.get(workload);
    this.#addOnce(
      workload,
      'time',
      {
        atUs,
        place: place ? textOf(place) : this.#scenario.file,
        action: 'create',
        reason: `a pod of ${workload}: ${message}`,
      },
      false,
    );
  }

  #addOnce(key: string, noun: string, refusal: RefusalRecord, isAsked: boolean): void {
    const known = this.#pods.get(key);
    if (known) known.count++;
    else {
      this.#pods.set(key, { index: this.#refusals.length, noun, count: 1 });
      this.#add(refusal, isAsked);
    }
  }

  #add(refusal: RefusalRecord, isAsked = true): void {
    this.#refusals.push(refusal);
    this.#onRefusal(refusal, isAsked);
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
