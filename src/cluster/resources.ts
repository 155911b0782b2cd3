/**
 * Resources by number. CPU is in millicores, everything else in whole units (bytes, pieces); the first four numbers
 * are fixed so that hot loops can name them.
 */
import { Interner } from '../base/interner.ts';

/** Numbers of the resources every node has. */
export const CPU = 0;
export const MEMORY = 1;
export const EPHEMERAL_STORAGE = 2;
export const PODS = 3;

/** An interner whose first four names are cpu, memory, ephemeral-storage and pods. */
export function newResourceInterner(): Interner<string> {
  const interner = new Interner<string>();
  for (const name of ['cpu', 'memory', 'ephemeral-storage', 'pods']) interner.idOf(name);
  return interner;
}

/** A sparse vector: `ids[i]` is a resource's number, `amounts[i]` its amount. A resource asked for as 0 is present. */
export interface ResourceVector {
  readonly ids: readonly number[];
  readonly amounts: readonly number[];
}

/**
 * Whether the scheduler tracks a resource that is not one of the four: extended resources (a domain of their own),
 * hugepages, attachable volumes and prefixed native names; anything else is silently ignored.
 * Source: kubernetes v1.37.2 pkg/apis/core/v1/helper IsScalarResourceName.
 */
export function isScalarResource(name: string): boolean {
  if (name.startsWith('hugepages-') || name.startsWith('attachable-volumes-')) return true;
  if (name.startsWith('requests.')) return false;
  return name.includes('/');
}
