// The hash of a pod template, as in the names of ReplicaSets and ControllerRevisions.
// Deviation: the real one hashes a Go dump of the template; this one its JSON, so the letters differ.

import { Hash64 } from '../../base/hash.ts';
import type { PodTemplateSpec } from '../../kube/types.ts';

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const N_LETTERS = 10;

export function templateHash(template: PodTemplateSpec, collisionCount: number): string {
  const hash = new Hash64();
  hash.addString(JSON.stringify(template));
  hash.addInt(collisionCount);
  let left = Number.parseInt(hash.digest().slice(0, 12), 16);
  let out = '';
  for (let letterIdx = 0; letterIdx < N_LETTERS; letterIdx++) {
    out += LETTERS[left % LETTERS.length];
    left = Math.floor(left / LETTERS.length);
  }
  return out;
}
