import { describe, expect, it } from 'vitest';
import type { Container, Node, PodSpec } from '../src/kube/types.ts';
import type { DetailedLifeModel } from '../src/node/node-model.ts';
import { DETAILED, detailedRig } from './support/detailed-model.ts';

const MB = 1_000_000;
const container = (image: string, name = 'c'): Container => ({ name, image });
const pod = (...images: string[]): PodSpec => ({
  containers: images.map((image, i) => container(image, `c${i}`)),
});

const { images, pull, bandwidth } = DETAILED;

interface Row {
  readonly name: string;
  readonly life?: Partial<DetailedLifeModel>;
  /** Pods, all bound at 0 unless their spec comes with a time. */
  readonly pods: readonly PodSpec[];
  readonly until?: number;
  /** When each runs, in the order in which they do. */
  readonly expect: readonly string[];
}

const PULLS: Row[] = [
  {
    name: 'one after the other on one node by default',
    pods: [pod('a:1'), pod('b:1'), pod('c:1')],
    // Asked for at 0.8; each takes 1.5.
    expect: ['p0: 2.5', 'p1: 4', 'p2: 5.5'],
  },
  {
    name: 'an image that another pod pulls is there when its turn comes',
    pods: [pod('a:1'), pod('a:1')],
    expect: ['p0: 2.5', 'p1: 3'],
  },
  {
    name: 'share the link when they run at once',
    life: { pull: { ...pull, nParallelMax: 5 } },
    pods: [pod('a:1'), pod('b:1')],
    expect: ['p0: 3.5', 'p1: 3.5'],
  },
  {
    name: 'of one image at once are one',
    life: { pull: { ...pull, nParallelMax: 5 } },
    pods: [pod('a:1'), pod('a:1')],
    expect: ['p0: 2.5', 'p1: 2.5'],
  },
  {
    name: 'keep to the number allowed at once',
    life: { pull: { ...pull, nParallelMax: 2 } },
    pods: [pod('a:1'), pod('b:1'), pod('c:1')],
    // The third waits until 3.3, when the two before it are there.
    expect: ['p0: 3.5', 'p1: 3.5', 'p2: 5'],
  },
  {
    name: 'leave what is left of the link to the one that lasts longer',
    life: {
      pull: { ...pull, nParallelMax: 5 },
      images: { ...images, images: [{ image: 'big:*', bytes: 300 * MB }] },
    },
    pods: [pod('a:1'), pod('big:1')],
    // Both at 50 MB/s from 1.3 on: a is there at 3.3, when big has 200 MB left, which take 2 s more.
    expect: ['p0: 3.5', 'p1: 5.5'],
  },
  {
    name: 'load only the layers that are missing',
    life: {
      images: {
        ...images,
        images: [
          { image: 'a:*', bytes: 100 * MB, layers: [{ id: 'base', bytes: 80 * MB }] },
          { image: 'b:*', bytes: 100 * MB, layers: [{ id: 'base', bytes: 80 * MB }] },
        ],
      },
    },
    pods: [pod('a:1'), pod('b:1')],
    expect: ['p0: 2.5', 'p1: 3.2'],
  },
  {
    name: 'of two containers of a pod follow each other, the second after the first has started',
    pods: [pod('a:1', 'b:1')],
    expect: ['p0: 4.2'],
  },
  {
    name: 'fail when the image does not exist, after 10, 20, 40 s again',
    life: { images: { ...images, images: [{ image: 'gone:*', bytes: 1, isMissing: true }] } },
    pods: [pod('gone:1')],
    until: 80,
    expect: [
      'p0: 1.3 ErrImagePull',
      'p0: 23 ImagePullBackOff', // failed again at 12.5; looked at 23, when 20 s are not over
      'p0: 33.5 ErrImagePull',
      'p0: 44 ImagePullBackOff',
      'p0: 74.5 ErrImagePull',
    ],
  },
  {
    name: 'fail when the disk is too small',
    life: { images: { ...images, images: [{ image: 'huge:*', bytes: 20_000 * MB }] } },
    pods: [pod('huge:1')],
    until: 5,
    expect: ['p0: 1.3 ErrImagePull'],
  },
  {
    name: 'beyond the burst of the kubelet fail at once and are tried again',
    life: { pull: { ...pull, nParallelMax: 5, qps: 1, burst: 2 } },
    pods: [pod('a:1'), pod('b:1'), pod('c:1')],
    until: 5,
    expect: ['p2: 0.8 ErrImagePull', 'p0: 3.5', 'p1: 3.5'],
  },
];

describe('pulls', () => {
  it.each(PULLS)('$name', ({ life = {}, pods, until = 20, expect: expected }) => {
    const { bind, at, lines } = detailedRig(life);
    pods.forEach((spec, i) => {
      bind(spec, `p${i}`);
    });
    at(until, () => {
      const told = lines.filter((line) => /Running|ErrImage|ImagePull/.test(line));
      expect(told.map((line) => line.replace(/ (Pending|Running ready)/, ''))).toEqual(expected);
    });
  });

  it('of many nodes share what the registry gives', () => {
    const rig = detailedRig({ bandwidth: { ...bandwidth, registryBytesPerSec: 100 * MB } });
    for (const name of ['n2', 'n3', 'n4']) rig.client.create(rig.readyNode(name));
    for (const name of ['n1', 'n2', 'n3']) rig.bind(pod('a:1'), `on-${name}`, name);
    rig.at(2.5, () => rig.bind(pod('a:1'), 'late', 'n4'));
    // Three at 33 MB/s from 1.3 on. The fourth comes at 3.8: 25 MB/s each. The three have 16.7 MB left: 4.467; the
    // fourth has 83.3 MB left then and the registry for itself: 5.3.
    rig.at(20, () =>
      expect(rig.lines.filter((line) => line.includes('Running'))).toEqual([
        'on-n1: 4.667 Running ready',
        'on-n2: 4.667 Running ready',
        'on-n3: 4.667 Running ready',
        'late: 5.5 Running ready',
      ]),
    );
  });
});

const imagesOf = (node: Node) => node.status?.images?.map(({ names }) => names?.[0]);

describe('images on a node', () => {
  const nodeOf = (rig: ReturnType<typeof detailedRig>) => rig.server.state.kind('Node').get('n1') as Node;

  it('are reported at the next tick of ten seconds', () => {
    const rig = detailedRig();
    rig.bind(pod('a:1'));
    rig.at(9.9, () => expect(imagesOf(nodeOf(rig))).toEqual(['here:1']));
    rig.at(10, () => expect(imagesOf(nodeOf(rig))).toEqual(['a:1', 'here:1']));
  });

  it('are removed when pruned, unless a pod uses them', () => {
    const rig = detailedRig();
    rig.bind(pod('a:1'), 'a');
    rig.bind(pod('b:1'), 'b');
    rig.at(20, () => rig.client.deletePod(rig.find('b')));
    rig.at(25, () => rig.kubelets.pruneImages('n1'));
    rig.at(30, () => expect(imagesOf(nodeOf(rig))).toEqual(['a:1']));
  });

  it('are collected every five minutes when more than 85 % of the disk are used, least recently used first', () => {
    const big = { ...images, images: [{ image: 'big*', bytes: 2_900 * MB }] };
    const rig = detailedRig({ images: big, eviction: { ...DETAILED.eviction, thresholds: [] } });
    ['big1:1', 'big2:1', 'big3:1'].forEach((image, i) => {
      rig.bind({ restartPolicy: 'Never', containers: [container(image)] }, `p${i}`);
    });
    // 8.7 of 10 GB are used from about 90 s on; the first image has been unused longest.
    rig.at(299, () => expect(imagesOf(nodeOf(rig))).toEqual(['big1:1', 'big2:1', 'big3:1', 'here:1']));
    rig.at(310, () => expect(imagesOf(nodeOf(rig))).toEqual(['big2:1', 'big3:1']));
  });
});
