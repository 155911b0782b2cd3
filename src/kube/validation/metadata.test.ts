import { expect, test } from 'vitest';
import { type Case, made, problemsOf, VALID_KINDS } from './testing.ts';

const metadata = (content: object) => ({ metadata: content });

test.each(VALID_KINDS)('a plain %s is valid', (kind) => {
  expect(problemsOf(made(kind))).toEqual([]);
});

const cases: Case[] = [
  [
    'a name is needed',
    'Pod',
    metadata({ name: null }),
    'metadata.name: Required value: name or generateName is required',
  ],
  ['a generated name is enough', 'Pod', metadata({ name: null, generateName: 'web-' })],
  [
    'a generated name has rules too',
    'Pod',
    metadata({ name: null, generateName: 'Web-' }),
    'metadata.generateName: Invalid value: "Web-"',
  ],
  [
    'a name in capitals',
    'Pod',
    metadata({ name: 'Web' }),
    'metadata.name: Invalid value: "Web": a lowercase RFC 1123 subdomain must',
  ],
  ['a name with dots', 'Pod', metadata({ name: 'a.b' })],
  [
    'a name with dots where it must be a label',
    'StatefulSet',
    metadata({ name: 'a.b' }),
    'metadata.name: Invalid value: "a.b": a lowercase RFC 1123 label must',
  ],
  [
    'a label of 64 characters',
    'Namespace',
    metadata({ name: 'a'.repeat(64) }),
    'metadata.name: Invalid value: "aaaa',
  ],
  [
    'a CronJob’s name leaves room for its Jobs',
    'CronJob',
    metadata({ name: 'a'.repeat(53) }),
    'metadata.name: Invalid value: "aaaa',
  ],
  ['a namespace', 'Pod', metadata({ namespace: 'a_b' }), 'metadata.namespace: Invalid value: "a_b"'],
  [
    'a label’s key',
    'Pod',
    metadata({ labels: { 'a b': 'c' } }),
    'metadata.labels[a b]: Invalid value: "a b": name part must consist of',
  ],
  [
    'a label’s key with two slashes',
    'Pod',
    metadata({ labels: { 'a/b/c': 'd' } }),
    'metadata.labels[a/b/c]: Invalid value: "a/b/c": a qualified name must',
  ],
  [
    'a label’s key with an empty prefix',
    'Pod',
    metadata({ labels: { '/c': 'd' } }),
    'metadata.labels[/c]: Invalid value: "/c": prefix part must be non-empty',
  ],
  [
    'a label’s value',
    'Pod',
    metadata({ labels: { a: '-' } }),
    'metadata.labels.a: Invalid value: "-": a valid label must',
  ],
  ['an empty label value', 'Pod', metadata({ labels: { a: '' } })],
  [
    'a label that is a number',
    'Pod',
    metadata({ labels: { a: 1 } }),
    'metadata.labels.a: expected text (in quotes',
  ],
  ['annotations hold anything', 'Pod', metadata({ annotations: { 'A.b/C': '{"x": 1}\n' } })],
  [
    'but not too much',
    'Pod',
    metadata({ annotations: { a: 'x'.repeat(262_144) } }),
    'metadata.annotations: Too long: may not be more than 262144 bytes',
  ],
  [
    'an owner without uid',
    'Pod',
    metadata({ ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n' }] }),
    'metadata.ownerReferences[0].uid: Required value',
  ],
  [
    'two controllers',
    'Pod',
    metadata({
      ownerReferences: ['n', 'm'].map((name) => ({
        apiVersion: 'v1',
        kind: 'Node',
        name,
        uid: name,
        controller: true,
      })),
    }),
    'metadata.ownerReferences: Invalid value: Only one reference can have Controller set to true',
  ],
  [
    'an unknown field of metadata',
    'Pod',
    metadata({ lables: {} }),
    'metadata.lables: unknown field "metadata.lables": did you mean "labels"?',
  ],
  [
    'an unknown field of the object',
    'Pod',
    { specs: {} },
    'specs: unknown field "specs": did you mean "spec"?',
  ],
  [
    'several mistakes at once',
    'Pod',
    metadata({ name: 'A', labels: { a: '-' } }),
    'metadata.name: Invalid',
    'metadata.labels.a: Invalid',
  ],
];

test.each(cases)('%s (%s)', (_, kind, patch, ...expected) => {
  expect(problemsOf(made(kind, patch))).toEqual(expected.map((start) => expect.stringContaining(start)));
});

test('kinds and versions', () => {
  const object = { ...made('Deployment'), apiVersion: 'extensions/v1beta1' };
  expect(problemsOf(object)).toEqual([
    'apiVersion: no matches for kind "Deployment" in version "extensions/v1beta1": use apps/v1',
  ]);
  expect(problemsOf({ ...object, apiVersion: 'apps/v1', kind: 'Deploymnt' })).toEqual([
    'kind: unknown kind "Deploymnt": did you mean "Deployment"?',
  ]);
  expect(problemsOf({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: '!' } })).toEqual([]);
});
