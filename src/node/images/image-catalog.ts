// What container images consist of: layers with sizes, which images may share. No registry is asked, so the scenario says
// it, or a default size stands for an image of one layer of its own.

import { matchesPattern } from '../pods/apps.ts';

export interface LayerSpec {
  readonly id: string;
  readonly bytes: number;
}

/** One rule; the first that matches an image counts. */
export interface ImageSpec {
  /** A name with `*` for any text. */
  readonly image: string;
  /** All layers together. */
  readonly bytes: number;
  /** Layers that other images may have too; the rest of the size is a layer of the image's own. */
  readonly layers?: readonly LayerSpec[];
  /** The registry does not have it. */
  readonly isMissing?: boolean;
  /** The share of pulls that fail. */
  readonly failureRatio?: number;
}

export interface Image {
  readonly name: string;
  readonly bytes: number;
  readonly layers: readonly LayerSpec[];
  readonly isMissing: boolean;
  readonly failureRatio: number;
}

export class ImageCatalog {
  readonly #specs: readonly ImageSpec[];
  readonly #defaultBytes: number;
  readonly #images = new Map<string, Image>();

  constructor(specs: readonly ImageSpec[], defaultBytes: number) {
    this.#specs = specs;
    this.#defaultBytes = defaultBytes;
  }

  of(name: string): Image {
    let image = this.#images.get(name);
    if (!image) this.#images.set(name, (image = this.#make(name)));
    return image;
  }

  /** The size of an image that some node has reported. */
  learn(name: string, bytes: number): void {
    if (bytes > 0 && !this.#images.has(name) && !this.#rule(name)) {
      this.#images.set(name, { ...this.#make(name), bytes, layers: [{ id: name, bytes }] });
    }
  }

  #rule(name: string): ImageSpec | undefined {
    return this.#specs.find(({ image }) => matchesPattern(image, name));
  }

  #make(name: string): Image {
    const spec = this.#rule(name);
    const shared = spec?.layers ?? [];
    const bytes = spec?.bytes ?? this.#defaultBytes;
    const ownBytes = bytes - shared.reduce((sum, layer) => sum + layer.bytes, 0);
    const layers = ownBytes > 0 ? [...shared, { id: name, bytes: ownBytes }] : shared;
    const { isMissing = false, failureRatio = 0 } = spec ?? {};
    return { name, bytes, layers, isMissing, failureRatio };
  }
}
