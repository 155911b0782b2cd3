/** Nodes that change, come and go under an index that is kept: it must go on choosing what the plain scan chooses. */
import { describe, expect, test } from 'vitest';
import { defaultProfile } from '../default-profile.ts';
import { Duel, SPECS, type Step, spread, ZONE } from '../testing/duel.ts';

describe('the index', () => {
  test('serves on while nodes change, come and go, where pods are judged by single nodes', () => {
    const duel = new Duel(30, defaultProfile);
    const nodeSteps: readonly Step[] = [{ updateNode: 7, to: 3 }, { addNode: 4 }, { removeNode: 11 }];
    for (let i = 0; i < 60; i++) {
      duel.take(nodeSteps[i % 3]!);
      duel.schedule(i % 2 ? {} : { nodeSelector: { disk: 'ssd' } }, 'a');
    }
    expect(duel.index.speed.nIndexed).toBe(60);
  });

  test('serves on while nodes are cordoned, where pods are judged by topology domains', () => {
    const duel = new Duel(30, defaultProfile);
    for (let i = 0; i < 40; i++) {
      const row = duel.cluster.nodes.find(`n${i % 30}`);
      const { metadata, spec, status } = duel.cluster.nodes.objects[row]!;
      duel.cluster.updateNode(row, {
        ...duel.cluster.nodes.objects[row]!,
        metadata: { ...metadata, labels: { ...metadata.labels } },
        spec: { ...spec, unschedulable: i % 4 === 0, taints: [{ key: 'k', effect: 'PreferNoSchedule' }] },
        status: { ...status, allocatable: { cpu: '6', memory: '8Gi', pods: '50' } },
      });
      duel.schedule(SPECS[8 + (i % 4)]!, 'a');
    }
    expect(duel.index.speed.nIndexed).toBe(40);
  });

  test('leaves pods to the plain scan that are judged by topology domains while these change all the time', () => {
    const duel = new Duel(30, defaultProfile);
    for (let i = 0; i < 40; i++) {
      duel.take({ updateNode: i, to: i % 4 });
      duel.schedule(SPECS[8]!, 'a');
    }
    expect(duel.index.speed.nPlain.get('nodes keep changing')).toBeGreaterThan(25);
    for (let i = 0; i < 20; i++) duel.schedule({}, 'a');
    expect(duel.index.speed.nIndexed).toBeGreaterThan(19);
  });

  test('counts anew when nodes are tainted, where a spread constraint minds taints', () => {
    const duel = new Duel(12, defaultProfile);
    const [constraint] = spread(ZONE, 'DoNotSchedule', 'a').topologySpreadConstraints;
    const honoring = { topologySpreadConstraints: [{ ...constraint!, nodeTaintsPolicy: 'Honor' as const }] };
    for (let i = 0; i < 24; i++) {
      const row = duel.cluster.nodes.find(`n${i % 12}`);
      const taints = i < 12 ? [{ key: 'k', effect: 'NoSchedule' as const }] : [];
      if (i % 3 === 0)
        duel.cluster.updateNode(row, { ...duel.cluster.nodes.objects[row]!, spec: { taints } });
      duel.schedule(honoring, 'a');
    }
    expect(duel.index.speed.nIndexed).toBeGreaterThan(15);
  });

  test('numbers the groups of nodes anew when many have come and gone', () => {
    const duel = new Duel(12, defaultProfile);
    for (let i = 0; i < 1500; i++) {
      const row = duel.cluster.nodes.find(`n${i % 12}`);
      const { metadata, ...rest } = duel.cluster.nodes.objects[row]!;
      const labels = { ...metadata.labels, [ZONE]: `zone-${i}` };
      duel.cluster.updateNode(row, { ...rest, metadata: { ...metadata, labels } });
      duel.schedule(SPECS[10]!, 'a');
      if (i >= 9) duel.take({ unbind: 0 });
    }
    expect(duel.index.speed.nIndexed).toBeGreaterThan(100);
  });

  test('scores a node anew when its images come to lie on more nodes, or on a larger share of them', () => {
    const duel = new Duel(9, defaultProfile);
    const steps: readonly Step[] = [
      { updateNode: 1, to: 3 },
      { updateNode: 2, to: 6 },
      { removeNode: 8 },
      { removeNode: 7 },
      { addNode: 1 },
      { updateNode: 1, to: 1 },
    ];
    for (const step of steps) for (let i = 0; i < 3; i++, duel.take(step)) duel.schedule({}, 'a');
    expect(duel.index.speed.nIndexed).toBe(18);
  });

  test('starts within the nodes that are left when the last ones are gone', () => {
    const duel = new Duel(130, () => defaultProfile({ percentageOfNodesToScore: 80 }));
    for (let i = 0; i < 2; i++) duel.schedule({}, 'a');
    while (duel.cluster.nodes.nNodes > 20) duel.take({ removeNode: 19 });
    for (let i = 0; i < 3; i++) duel.schedule({}, 'a');
    expect(duel.index.speed.nIndexed).toBe(5);
  });
});
