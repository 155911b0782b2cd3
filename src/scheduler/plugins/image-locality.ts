/**
 * ImageLocality: nodes that hold the pod's images score by the images' size, scaled down by how few nodes hold them.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/imagelocality.
 */
import type { Cluster } from '../../cluster/cluster.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import { MAX_NODE_SCORE, type Plugin } from '../framework/plugin.ts';

const MIB = 1024 * 1024;
const MIN_THRESHOLD_BYTES = 23 * MIB;
const MAX_THRESHOLD_BYTES_PER_IMAGE = 1000 * MIB;

const imagesByClass = new WeakMap<PodClass, readonly string[]>();

/** Image names of containers, init containers and image volumes, with `:latest` where there is no tag. */
function imageNames(cls: PodClass): readonly string[] {
  let names = imagesByClass.get(cls);
  if (!names) {
    const { containers, initContainers = [], volumes = [] } = cls.spec;
    const all = [
      ...containers.map(({ image = '' }) => image),
      ...initContainers.map(({ image = '' }) => image),
      ...volumes.flatMap((volume) => (volume.image ? [volume.image.reference ?? ''] : [])),
    ];
    names = all.map(withTag);
    imagesByClass.set(cls, names);
  }
  return names;
}

/** The image's name with `:latest` where there is no tag. */
export function withTag(image: string): string {
  return image.lastIndexOf(':') > image.lastIndexOf('/') ? image : `${image}:latest`;
}

export function imageLocality(): Plugin<unknown, readonly string[]> {
  return {
    name: 'ImageLocality',
    preScore: ({ cls }) => ({ state: imageNames(cls) }),
    scoreScope: 'static',
    staticBasis: ({ cls, cluster }) => spreadOf(imageNames(cls), cluster),
    classKey: (cls) => JSON.stringify(imageNames(cls)),
    score: (names, node, { cluster }) => scaled(sumOfSizes(names, node, cluster), names.length),
  };
}

/** How widely the images are spread, as text; empty as long as no node holds any of them. */
export function spreadOf(names: readonly string[], { images, nodes }: Cluster): string {
  const found = names.flatMap((name) => images.find(name) ?? []);
  if (found.length === 0) return '';
  return `${nodes.nNodes}: ${found.map(({ sizeBytes, nNodes }) => `${nNodes} * ${sizeBytes}`)}`;
}

function sumOfSizes(names: readonly string[], node: number, { images, nodes }: Cluster): number {
  let sum = 0;
  for (const name of names) {
    const image = images.find(name);
    if (image?.nodes.has(node)) sum += Math.trunc(image.sizeBytes * (image.nNodes / nodes.nNodes));
  }
  return sum;
}

function scaled(sumBytes: number, nImages: number): number {
  const max = MAX_THRESHOLD_BYTES_PER_IMAGE * nImages;
  const clamped = Math.min(Math.max(sumBytes, MIN_THRESHOLD_BYTES), max);
  return Math.trunc((MAX_NODE_SCORE * (clamped - MIN_THRESHOLD_BYTES)) / (max - MIN_THRESHOLD_BYTES));
}
