import { describe, expect, it } from 'vitest';
import { Apps, matchesPattern } from './apps.ts';
import { podPlan, pullPolicyOf, ROLE } from './pod-plan.ts';

const POLICIES: [image: string, policy: string | undefined, expected: string][] = [
  ['nginx', undefined, 'Always'],
  ['nginx:latest', undefined, 'Always'],
  ['nginx:1.27', undefined, 'IfNotPresent'],
  ['registry:5000/nginx', undefined, 'Always'],
  ['registry:5000/nginx:1.27', undefined, 'IfNotPresent'],
  ['nginx@sha256:abc', undefined, 'IfNotPresent'],
  ['nginx:latest', 'Never', 'Never'],
];

const PATTERNS: [pattern: string, text: string, expected: boolean][] = [
  ['app:v1', 'app:v1', true],
  ['app:v1', 'app:v10', false],
  ['app:*', 'app:v1', true],
  ['*', '', true],
  ['*/app:*', 'registry/team/app:v1', true],
  ['*/app', 'registry/application', false],
  ['a*a', 'a', false],
  ['a*b*c', 'axxbxxc', true],
  ['a*b*c', 'axxcxxb', false],
];

describe('what a kubelet reads from a spec', () => {
  it.each(POLICIES)('pulls %s with policy %s: %s', (image, policy, expected) => {
    expect(pullPolicyOf(image, policy)).toBe(expected);
  });

  it('puts init containers and sidecars first, in order', () => {
    const plan = podPlan(
      {
        namespace: 'default',
        labels: {},
        spec: {
          restartPolicy: 'Never',
          initContainers: [{ name: 'i' }, { name: 's', restartPolicy: 'Always' }],
          containers: [{ name: 'c' }],
        },
      },
      new Apps([]),
    );
    expect(plan.containers.map(({ name, role, restartPolicy }) => [name, role, restartPolicy])).toEqual([
      ['i', ROLE.init, 'Never'],
      ['s', ROLE.sidecar, 'Always'],
      ['c', ROLE.main, 'Never'],
    ]);
  });
});

describe('the pattern of an image', () => {
  it.each(PATTERNS)('%s and %s: %s', (pattern, text, expected) => {
    expect(matchesPattern(pattern, text)).toBe(expected);
  });

  it('lets the first rule that fits decide', () => {
    const apps = new Apps([
      { image: 'a:*', labels: { tier: 'x' }, exitCode: 1 },
      { image: 'a:*', exitCode: 2 },
      { exitCode: 3 },
    ]);
    const code = (labels: Record<string, string>, image: string) =>
      apps.of({ namespace: 'default', labels, spec: { containers: [] } }, 'c', image).exitCode;
    expect([code({ tier: 'x' }, 'a:1'), code({}, 'a:1'), code({}, 'b:1')]).toEqual([1, 2, 3]);
  });
});
