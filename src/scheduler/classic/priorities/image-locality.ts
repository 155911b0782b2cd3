/**
 * ImageLocalityPriority: nodes that hold the containers' images score by the images' size, scaled down by how few
 * nodes hold them. Unlike ImageLocality, the upper threshold does not grow with the number of containers.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/priorities/image_locality.go.
 * Deviation: an image's size is the one its node reports, and its spread is always current.
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import type { Node } from '../../../kube/types.ts';
import type { Plugin } from '../../framework/plugin.ts';
import { spreadOf, withTag } from '../../plugins/image-locality.ts';
import type { ClassicRelease } from '../release.ts';

const MIB = 1024 * 1024;
const MIN_THRESHOLD_BYTES = 23 * MIB;
const MAX_THRESHOLD_BYTES = 1000 * MIB;

const sizesByNode = new WeakMap<Node, ReadonlyMap<string, number>>();

function sizesOn(node: Node): ReadonlyMap<string, number> {
  let sizes = sizesByNode.get(node);
  if (!sizes) {
    const images = node.status?.images ?? [];
    sizes = new Map(
      images.flatMap(({ names = [], sizeBytes = 0 }) => names.map((name) => [name, sizeBytes])),
    );
    sizesByNode.set(node, sizes);
  }
  return sizes;
}

export function imageLocalityPriority(name: string, { maxScore }: ClassicRelease): Plugin {
  return {
    name,
    scoreScope: 'static',
    staticBasis: ({ cls: { spec }, cluster }) =>
      spreadOf(
        spec.containers.map(({ image = '' }) => withTag(image)),
        cluster,
      ),
    score(_, node, { cls, cluster }) {
      const sum = Math.min(
        Math.max(sumOfSizes(cls, node, cluster), MIN_THRESHOLD_BYTES),
        MAX_THRESHOLD_BYTES,
      );
      return Math.trunc(
        (maxScore * (sum - MIN_THRESHOLD_BYTES)) / (MAX_THRESHOLD_BYTES - MIN_THRESHOLD_BYTES),
      );
    },
  };
}

function sumOfSizes({ spec }: PodClass, node: number, { images, nodes }: Cluster): number {
  const sizes = sizesOn(nodes.objects[node]!);
  let sum = 0;
  for (const { image = '' } of spec.containers) {
    const name = withTag(image);
    const size = sizes.get(name);
    if (size !== undefined) sum += Math.trunc(size * (images.find(name)!.nNodes / nodes.nNodes));
  }
  return sum;
}
