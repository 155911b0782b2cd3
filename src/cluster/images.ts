/**
 * Which container images lie on which nodes. As in kube-scheduler's cache, an image's size is the one that the
 * first node to report the name gave (v1.37.2 pkg/scheduler/backend/cache/cache.go addNodeImageStates).
 */
import { BitSet } from '../base/bit-set.ts';
import type { Node } from '../kube/types.ts';

export interface ImageState {
  readonly sizeBytes: number;
  readonly nodes: BitSet;
  nNodes: number;
}

export class Images {
  readonly #states = new Map<string, ImageState>();

  find(name: string): ImageState | undefined {
    return this.#states.get(name);
  }

  addNode(row: number, node: Node): void {
    for (const image of node.status?.images ?? []) {
      for (const name of image.names ?? []) {
        let state = this.#states.get(name);
        if (!state) {
          state = { sizeBytes: image.sizeBytes ?? 0, nodes: new BitSet(row + 1), nNodes: 0 };
          this.#states.set(name, state);
        }
        if (state.nodes.has(row)) continue;
        state.nodes.set(row);
        state.nNodes++;
      }
    }
  }

  removeNode(row: number, node: Node): void {
    for (const image of node.status?.images ?? []) {
      for (const name of image.names ?? []) {
        const state = this.#states.get(name);
        if (!state?.nodes.has(row)) continue;
        state.nodes.clear(row);
        if (--state.nNodes === 0) this.#states.delete(name);
      }
    }
  }
}
