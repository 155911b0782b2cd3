import { expect, test } from 'vitest';
import { KINDS, kindByName, lookupKind, nearestKind } from './kinds.ts';

test.each([
  ['v1', 'Pod', 'known'],
  ['apps/v1', 'Deployment', 'known'],
  ['extensions/v1beta1', 'Deployment', 'removed'],
  ['batch/v1beta1', 'CronJob', 'removed'],
  ['v1', 'Deployment', 'foreign'],
  ['serving.knative.dev/v1', 'Service', 'foreign'],
  ['monitoring.coreos.com/v1', 'Prometheus', 'foreign'],
  ['autoscaling/v1', 'HorizontalPodAutoscaler', 'known'],
])('%s %s is %s', (apiVersion, kind, status) => {
  expect(lookupKind(apiVersion, kind).status).toBe(status);
});

test('kubectl’s names lead to the kind', () => {
  for (const name of ['deploy', 'deployment', 'deployments', 'Deployment']) {
    expect(kindByName(name)?.kind).toBe('Deployment');
  }
  expect(kindByName('nothing')).toBeUndefined();
});

test('no name stands for two kinds', () => {
  const names = KINDS.flatMap((kind) => [kind.kind.toLowerCase(), kind.plural, ...kind.shortNames]);
  const doubled = names.filter((name, i) => names.indexOf(name) !== i);
  expect(doubled).toEqual(['endpoints']);
});

test('a mistyped kind leads to the right one', () => {
  expect(nearestKind('Deploymet')).toBe('Deployment');
  expect(nearestKind('Pod')).toBeUndefined();
});
