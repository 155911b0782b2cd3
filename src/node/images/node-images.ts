// Each node's disk as far as images go: how much fits, what is in use, and the collection of unused images.
// Source: pkg/kubelet/images/image_gc_manager.go, 1.37: every five minutes; from 85 % of the disk on, down to 80 %.
// Deviation: one file system holds images, containers and logs.

import type { EventKind, Simulation } from '../../sim/simulation.ts';
import type { NodeStates } from '../node-states.ts';
import { tickAtOrAfter } from '../pods/probe-walk.ts';
import { type Image, ImageCatalog, type ImageSpec } from './image-catalog.ts';
import { ImageStore } from './image-store.ts';

export interface ImageModel {
  readonly images: readonly ImageSpec[];
  /** Of an image of which nothing is known. */
  readonly defaultBytes: number;
  /** Of a node whose capacity names no ephemeral-storage. */
  readonly defaultDiskBytes: number;
  readonly gcPeriodUs: number;
  readonly gcHighRatio: number;
  readonly gcLowRatio: number;
}

/** Bytes that are not images, by node row. */
export interface DiskUsers {
  otherBytes(row: number): number;
}

export class NodeImages {
  readonly catalog: ImageCatalog;
  /** Called when what a node has of images changed. */
  onChanged: (row: number) => void = () => {};
  /** Called when the registry has answered a pull. */
  onLatency: (pull: object) => void = () => {};
  readonly #simulation: Simulation;
  readonly #states: NodeStates;
  readonly #model: ImageModel;
  readonly #disk: DiskUsers;
  readonly #latencyKind: EventKind;
  readonly #gcKind: EventKind;
  readonly #stores: (ImageStore | undefined)[] = [];
  /** Sizes that somebody has set, by row. */
  readonly #diskBytes = new Map<number, number>();
  readonly #gcPending = new Set<number>();

  constructor(simulation: Simulation, states: NodeStates, disk: DiskUsers, model: ImageModel) {
    this.#simulation = simulation;
    this.#states = states;
    this.#disk = disk;
    this.#model = model;
    this.catalog = new ImageCatalog(model.images, model.defaultBytes);
    this.#latencyKind = simulation.defineKind('node/pull', (_a, _b, pull) => this.onLatency(pull as object));
    this.#gcKind = simulation.defineKind('node/image-gc', (row) => this.#collect(row), { background: true });
  }

  afterLatency(us: number, pull: object): void {
    this.#simulation.after(us, this.#latencyKind, 0, 0, pull);
  }

  has(row: number, name: string): boolean {
    return this.#stores[row]?.has(name) ?? false;
  }

  missingBytes(row: number, image: Image): number {
    return this.#store(row).missingBytes(image);
  }

  add(row: number, image: Image): void {
    if (!this.#store(row).add(image, this.#simulation.nowUs)) return;
    this.onChanged(row);
    this.diskChanged(row);
  }

  /** The machine is gone with its disk. */
  forget(row: number): void {
    this.#stores[row]?.clear();
    this.#diskBytes.delete(row);
  }

  /** Images that the node has from the start. */
  preload(row: number): void {
    for (const { names = [], sizeBytes = 0 } of this.#states.of(row).node?.status?.images ?? []) {
      for (const name of names) {
        this.catalog.learn(name, sizeBytes);
        this.#store(row).add(this.catalog.of(name), this.#simulation.nowUs);
      }
    }
  }

  use(row: number, name: string, change: 1 | -1): void {
    this.#store(row).use(name, this.#simulation.nowUs, change);
  }

  diskBytes(row: number): number {
    const { capacity } = this.#states.of(row);
    return this.#diskBytes.get(row) ?? capacity.get('ephemeral-storage') ?? this.#model.defaultDiskBytes;
  }

  usedBytes(row: number): number {
    return (this.#stores[row]?.usedBytes ?? 0) + this.#disk.otherBytes(row);
  }

  freeBytes(row: number): number {
    return Math.max(0, this.diskBytes(row) - this.usedBytes(row));
  }

  resizeDisk(row: number, bytes: number): void {
    this.#diskBytes.set(row, bytes);
    this.diskChanged(row);
  }

  /** Removes every image that no pod uses. */
  prune(row: number): void {
    if (this.#store(row).free(Infinity, this.#simulation.nowUs, true) > 0) this.onChanged(row);
  }

  reported(row: number, nMax: number): readonly Image[] {
    return this.#stores[row]?.reported(nMax) ?? [];
  }

  /** Makes sure that the collector looks at a disk that is too full. */
  diskChanged(row: number): void {
    if (this.#gcPending.has(row) || this.usedBytes(row) < this.#model.gcHighRatio * this.diskBytes(row))
      return;
    this.#gcPending.add(row);
    const { nowUs } = this.#simulation;
    this.#simulation.at(tickAtOrAfter(0, this.#model.gcPeriodUs, nowUs + 1), this.#gcKind, row);
  }

  #collect(row: number): void {
    this.#gcPending.delete(row);
    const { gcHighRatio, gcLowRatio } = this.#model;
    const diskBytes = this.diskBytes(row);
    const usedBytes = this.usedBytes(row);
    if (usedBytes < gcHighRatio * diskBytes) return;
    const { nowUs } = this.#simulation;
    if (this.#store(row).free(usedBytes - gcLowRatio * diskBytes, nowUs) > 0) this.onChanged(row);
    this.diskChanged(row);
  }

  #store(row: number): ImageStore {
    while (this.#stores.length <= row) this.#stores.push(undefined);
    return (this.#stores[row] ??= new ImageStore());
  }
}
