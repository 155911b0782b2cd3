import { describe, expect, it } from 'vitest';
import { hasNewTemplate, isRolledOut, type WorkloadObject } from './workload-facts.ts';

function workload(kind: string, spec: object, status: object = {}): WorkloadObject {
  return { apiVersion: 'apps/v1', kind, metadata: { name: 'x' }, spec, status } as WorkloadObject;
}

describe('a template is new', () => {
  const deployment = (template: object) => workload('Deployment', { template });

  it.each([
    ['an image has changed', { image: 'a:1' }, { image: 'a:2' }, true],
    [
      'a null is left out when it is applied again',
      { creationTimestamp: null, image: 'a' },
      { image: 'a' },
      false,
    ],
    ['its keys are in another order', { image: 'a', name: 'b' }, { name: 'b', image: 'a' }, false],
  ])('if %s', (_, before, after, expected) => {
    expect(hasNewTemplate(deployment(before), deployment(after))).toBe(expected);
  });
});

describe('a StatefulSet with a partition', () => {
  const spec = { replicas: 5, updateStrategy: { rollingUpdate: { partition: 3 } } };
  const status = { readyReplicas: 5, currentRevision: 'a', updateRevision: 'b' };

  it.each([
    [1, 5, false],
    [2, 4, false],
    [2, 5, true],
  ])('with %d updated and %d ready pods is rolled out: %s', (updatedReplicas, readyReplicas, expected) => {
    const set = workload('StatefulSet', spec, { ...status, updatedReplicas, readyReplicas });
    expect(isRolledOut(set)).toBe(expected);
  });
});
