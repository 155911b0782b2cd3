import { expect, test } from 'vitest';
import { jsonMergePatch, setImages } from '../apply-patch.ts';
import { formatPath, validateUpdate } from '../validate.ts';
import { made } from './testing.ts';

/** A sentence, the kind, what the old object has, what the update changes, and how the problems begin. */
type UpdateCase = [sentence: string, kind: string, old: object, change: object, ...problems: string[]];

const spec = (content: object) => ({ spec: content });
const toleration = { key: 'a', operator: 'Exists', effect: 'NoExecute' };

const cases: UpdateCase[] = [
  ['replicas may change', 'Deployment', {}, spec({ replicas: 3 })],
  [
    'a selector may not',
    'Deployment',
    {},
    spec({ selector: { matchLabels: { app: 'b' } }, template: { metadata: { labels: { app: 'b' } } } }),
    'spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
  ],
  [
    'claims of a StatefulSet may not',
    'StatefulSet',
    {},
    spec({
      volumeClaimTemplates: [
        {
          metadata: { name: 'd' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    }),
    'spec.volumeClaimTemplates: Invalid value',
  ],
  [
    'nor its service',
    'StatefulSet',
    {},
    spec({ serviceName: 'b' }),
    'spec.serviceName: Invalid value: "b": field is immutable',
  ],
  ['a pod’s tolerations may grow', 'Pod', {}, spec({ tolerations: [toleration] })],
  [
    'but not shrink',
    'Pod',
    spec({ tolerations: [toleration] }),
    spec({ tolerations: [] }),
    'spec.tolerations: Forbidden: existing toleration can not be modified',
  ],
  [
    'their seconds may change',
    'Pod',
    spec({ tolerations: [toleration] }),
    spec({ tolerations: [{ ...toleration, tolerationSeconds: 5 }] }),
  ],
  [
    'a pod cannot be given a node selector',
    'Pod',
    {},
    spec({ nodeSelector: { a: 'b' } }),
    'spec: Forbidden: pod updates may not change fields other than',
  ],
  [
    'while it is gated it can',
    'Pod',
    spec({ schedulingGates: [{ name: 'g' }] }),
    spec({ nodeSelector: { a: 'b' } }),
  ],
  ['a gate can go', 'Pod', spec({ schedulingGates: [{ name: 'g' }] }), spec({ schedulingGates: null })],
  [
    'a gate cannot come',
    'Pod',
    {},
    spec({ schedulingGates: [{ name: 'g' }] }),
    'spec.schedulingGates[0]: Forbidden: only deletion is allowed',
  ],
  [
    'a Job’s template may not change',
    'Job',
    {},
    spec({ template: { spec: { priorityClassName: 'high' } } }),
    'spec.template: Invalid value',
  ],
  [
    'before it ever started it may',
    'Job',
    spec({ suspend: true }),
    spec({ suspend: false, template: { spec: { priorityClassName: 'high' } } }),
  ],
  [
    'completions may not change',
    'Job',
    spec({ completions: 1 }),
    spec({ completions: 2 }),
    'spec.completions: Invalid value: 2: field is immutable',
  ],
  [
    'those of an Indexed Job may',
    'Job',
    spec({ completionMode: 'Indexed', completions: 1 }),
    spec({ completions: 2 }),
  ],
  ['a claim may grow', 'PersistentVolumeClaim', {}, spec({ resources: { requests: { storage: '2Gi' } } })],
  [
    'a claim keeps its class',
    'PersistentVolumeClaim',
    {},
    spec({ storageClassName: 'fast' }),
    'spec: Forbidden: spec is immutable after creation',
  ],
  [
    'a priority never changes',
    'PriorityClass',
    {},
    { value: 5 },
    'value: Invalid value: 5: field is immutable',
  ],
  ['a ConfigMap may change', 'ConfigMap', {}, { data: { b: 'c' } }],
  [
    'an immutable one may not',
    'ConfigMap',
    { immutable: true },
    { data: { b: 'c' } },
    'data: Forbidden: field is immutable when `immutable` is set',
  ],
  [
    'an update must be valid itself',
    'Deployment',
    {},
    spec({ replicas: -1 }),
    'spec.replicas: Invalid value: -1',
  ],
];

test.each(cases)('%s (%s)', (_, kind, before, change, ...expected) => {
  const old = made(kind, before);
  const found = validateUpdate(old, jsonMergePatch(old, change)).map(
    ({ path, message }) => `${formatPath(path)}: ${message}`,
  );
  expect(found.map((problem, i) => problem.slice(0, expected[i]?.length))).toEqual(expected);
});

test('a pod’s images may change', () => {
  const old = made('Pod');
  expect(validateUpdate(old, setImages(old, { c: 'y' }))).toEqual([]);
});

test('null, absent and the order of keys make no difference', () => {
  const old = made('Deployment', spec({ selector: { matchExpressions: [] } }));
  const selector = { matchExpressions: [], matchLabels: { app: 'a' } };
  expect(validateUpdate(old, jsonMergePatch(old, spec({ selector })))).toEqual([]);
});
