// The images that lie on one node: layers are stored once, and an image is in use while a container of it exists.
// Source: pkg/kubelet/images/image_gc_manager.go, 1.37, for the order in which unused images go.

import { compareStrings } from '../../base/orders.ts';
import type { Image } from './image-catalog.ts';

interface Stored {
  readonly image: Image;
  readonly detectedUs: number;
  lastUsedUs: number;
}

/** Images younger than this are not collected. */
const MIN_AGE_US = 120_000_000;

export class ImageStore {
  readonly #images = new Map<string, Stored>();
  readonly #nByLayer = new Map<string, number>();
  /** Pods by image, whether it is here (already) or not. */
  readonly #nUsers = new Map<string, number>();
  #usedBytes = 0;

  get usedBytes(): number {
    return this.#usedBytes;
  }

  get size(): number {
    return this.#images.size;
  }

  has(name: string): boolean {
    return this.#images.has(name);
  }

  /** Bytes of the layers that are not here yet. */
  missingBytes({ layers }: Image): number {
    return layers.reduce((sum, { id, bytes }) => sum + (this.#nByLayer.has(id) ? 0 : bytes), 0);
  }

  /** False: it was here already. */
  add(image: Image, nowUs: number): boolean {
    if (this.#images.has(image.name)) return false;
    for (const { id, bytes } of image.layers) {
      const n = this.#nByLayer.get(id) ?? 0;
      if (n === 0) this.#usedBytes += bytes;
      this.#nByLayer.set(id, n + 1);
    }
    this.#images.set(image.name, { image, detectedUs: nowUs, lastUsedUs: nowUs });
    return true;
  }

  /** A pod begins (or ceases) to have a container of the image. */
  use(name: string, nowUs: number, change: 1 | -1): void {
    const n = (this.#nUsers.get(name) ?? 0) + change;
    if (n > 0) this.#nUsers.set(name, n);
    else this.#nUsers.delete(name);
    const stored = this.#images.get(name);
    if (stored) stored.lastUsedUs = nowUs;
  }

  /** Removes unused images, least recently used first, until `bytes` are free; answers how many bytes that gave. */
  free(bytes: number, nowUs: number, isForced = false): number {
    const unused = [...this.#images.values()].filter(({ image }) => !this.#nUsers.has(image.name));
    unused.sort(
      (a, b) =>
        a.lastUsedUs - b.lastUsedUs ||
        a.detectedUs - b.detectedUs ||
        compareStrings(a.image.name, b.image.name),
    );
    const beforeBytes = this.#usedBytes;
    for (const { image, detectedUs } of unused) {
      if (beforeBytes - this.#usedBytes >= bytes) break;
      if (isForced || nowUs - detectedUs >= MIN_AGE_US) this.#remove(image);
    }
    return beforeBytes - this.#usedBytes;
  }

  /** Everything is lost: the disk was replaced. */
  clear(): void {
    this.#images.clear();
    this.#nByLayer.clear();
    this.#nUsers.clear();
    this.#usedBytes = 0;
  }

  /** The images that a node reports, the largest first. */
  reported(nMax: number): readonly Image[] {
    const images = [...this.#images.values()].map(({ image }) => image);
    return images.sort((a, b) => b.bytes - a.bytes || compareStrings(a.name, b.name)).slice(0, nMax);
  }

  #remove(image: Image): void {
    this.#images.delete(image.name);
    for (const { id, bytes } of image.layers) {
      const n = this.#nByLayer.get(id)! - 1;
      if (n > 0) {
        this.#nByLayer.set(id, n);
      } else {
        this.#nByLayer.delete(id);
        this.#usedBytes -= bytes;
      }
    }
  }
}
