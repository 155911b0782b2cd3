import { describe, expect, it } from 'vitest';
import type { Pod, PodSpec } from '../kube/types.ts';
import { Cluster } from './cluster.ts';

const spec: PodSpec = { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '1' } } }] };
const shape = (labels: Record<string, string>, more: Partial<PodSpec> = {}) => ({
  namespace: 'default',
  labels,
  spec: { ...spec, ...more },
});
const podOf = (more: Partial<PodSpec> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default', labels: {} },
  spec: { ...spec, ...more },
});

describe('the class of pods', () => {
  it('is the same for equal content, however many shapes say it', () => {
    const { classes } = new Cluster();
    expect(classes.ofShape(shape({ a: 'b' }))).toBe(classes.ofShape(shape({ a: 'b' })));
    expect(classes.ofShape(shape({}))).toBe(classes.ofPod(podOf()));
    expect(classes.all).toHaveLength(2);
  });

  it.each([
    ['labels', shape({ a: 'b' })],
    ['namespace', { ...shape({}), namespace: 'other' }],
    ['spec', shape({}, { priority: 1 })],
    ['annotations', { ...shape({}), annotations: { a: 'b' } }],
  ])('is another one for another %s', (_, other) => {
    const { classes } = new Cluster();
    expect(classes.ofShape(other)).not.toBe(classes.ofShape(shape({})));
  });

  it('is another one for another controller', () => {
    const { classes } = new Cluster();
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: '1', controller: true };
    const one = shape({});
    expect(classes.ofShape(one, owner)).not.toBe(classes.ofShape(one));
    expect(classes.ofShape(one, owner)).toBe(classes.ofShape(shape({}), owner));
  });

  it('forgets where one of its pods was bound from birth: the others may go elsewhere', () => {
    const { classes } = new Cluster();
    const bound = classes.ofShape(shape({}, { nodeName: 'a' }));
    expect(bound).toBe(classes.ofShape(shape({})));
    expect(bound.spec.nodeName).toBeUndefined();
  });

  it('keeps the node that a pending pod asks for by name', () => {
    const { classes } = new Cluster();
    expect(classes.ofPod(podOf()).spec.nodeName).toBeUndefined();
    expect(classes.ofPod(podOf({ nodeName: 'a' })).spec.nodeName).toBe('a');
    expect(classes.ofPod(podOf()).spec.nodeName).toBeUndefined();
  });
});
