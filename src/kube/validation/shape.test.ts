// Values of wrong types: each is told once, and hides no other mistake.

import { describe, expect, it } from 'vitest';
import { isRecord } from '../../base/values.ts';
import type { KubeObject } from '../types.ts';
import { made, problemsOf, VALID_KINDS } from './testing.ts';

const pod = (spec: object) => made('Pod', { spec });

describe('a value of a wrong type', () => {
  it('does not hide other mistakes of the object', () => {
    const object = made('Deployment', {
      metadata: { name: 'Web' },
      spec: {
        replicas: 'three',
        progressDeadlineSeconds: -1,
        template: { spec: { containers: [{ name: 'c', command: 'sleep 1', imagePullPolicy: 'Sometimes' }] } },
      },
    });
    expect(problemsOf(object)).toEqual([
      'spec.template.spec.containers[0].command: expected a list, found "sleep 1"',
      'spec.replicas: expected an integer, found "three"',
      expect.stringMatching(/^metadata\.name: Invalid value: "Web"/),
      'spec.progressDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0',
      'spec.template.spec.containers[0].image: Required value',
      expect.stringMatching(/^spec\.template\.spec\.containers\[0\]\.imagePullPolicy: Unsupported value/),
      'spec.progressDeadlineSeconds: Invalid value: -1: must be greater than minReadySeconds',
    ]);
  });

  it('is taken for what was meant where that is clear', () => {
    const labels = { metadata: { labels: { app: 'a', version: 1, canary: true } } };
    const object = made('Deployment', {
      spec: { selector: { matchLabels: { version: '1', canary: 'true' } }, template: labels },
    });
    expect(problemsOf(object)).toEqual([
      expect.stringMatching(/^spec\.template\.metadata\.labels\.version: expected text .*, found 1$/),
      expect.stringMatching(/^spec\.template\.metadata\.labels\.canary: expected text .*, found true$/),
    ]);
    expect(
      problemsOf(pod({ containers: [{ name: 'c', image: 'x', ports: [{ containerPort: '0' }] }] })),
    ).toEqual([
      'spec.containers[0].ports[0].containerPort: expected an integer, found "0"',
      'spec.containers[0].ports[0].containerPort: Required value',
    ]);
    expect(problemsOf(pod({ hostNetwork: 'yes', terminationGracePeriodSeconds: '-1' }))).toEqual([
      'spec.hostNetwork: expected true or false, found "yes"',
      'spec.terminationGracePeriodSeconds: expected an integer, found "-1"',
      'spec.terminationGracePeriodSeconds: Invalid value: -1: must be greater than or equal to 0',
    ]);
  });

  it('among items of a list leaves the others their places', () => {
    const containers = ['a', null, { name: 'C', image: 'x' }];
    expect(problemsOf(pod({ containers }))).toEqual([
      'spec.containers[0]: expected a mapping, found "a"',
      'spec.containers[1]: expected an item, found nothing',
      expect.stringMatching(/^spec\.containers\[2\]\.name: Invalid value: "C"/),
    ]);
  });

  it('leaves open whether what refers to it is found', () => {
    const containers = [{ name: 'c', image: 'x', volumeMounts: [{ name: 'data', mountPath: '/data' }] }];
    expect(problemsOf(pod({ containers, volumes: { data: {} } }))).toEqual([
      'spec.volumes: expected a list, found a mapping',
    ]);
  });

  it.each(VALID_KINDS)('is told alone, wherever in a %s it stands', (kind) => {
    // Without a selector of its own it has the labels of its template.
    const patch = kind === 'ReplicationController' ? { spec: { selector: { app: 'a' } } } : {};
    for (const [place, spoiled] of spoiledIn(made(kind, patch))) {
      expect(problemsOf(spoiled as KubeObject), place).toEqual([expect.stringContaining('expected')]);
    }
  });
});

/** Copies of a value in which a list stands at one place instead of something else, or a mapping instead of a list. */
function* spoiledIn(value: unknown, place = ''): Iterable<[place: string, spoiled: unknown]> {
  if (!isRecord(value) && !Array.isArray(value)) return;
  for (const [key, member] of Object.entries(value)) {
    if (place === '' && ['apiVersion', 'kind'].includes(key)) continue;
    const here = `${place}/${key}`;
    const wrong = Array.isArray(member) ? {} : [];
    for (const [at, other] of [[here, wrong] as const, ...spoiledIn(member, here)]) {
      const copy = structuredClone(value) as Record<string, unknown>;
      copy[key] = other;
      yield [at, copy];
    }
  }
}
