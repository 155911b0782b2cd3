import { describe, expect, test } from 'vitest';
import { formatProblem } from '../base/errors.ts';
import { readManifests } from './read-manifests.ts';

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: c\n    image: x\n';

function names(text: string): (string | undefined)[] {
  const { objects, problems } = readManifests(text, 'f.yaml');
  expect(problems).toEqual([]);
  return objects.map(({ object }) => object.metadata.name);
}

function problems(text: string): string[] {
  return readManifests(text, 'f.yaml').problems.map(formatProblem);
}

describe('what is read', () => {
  const cases: [string, string, (string | undefined)[]][] = [
    ['one object', POD, ['a']],
    [
      'a stream of documents, empty ones between',
      `---\n${POD}---\n# nothing\n---\n\n---\n${POD}...\n`,
      ['a', 'a'],
    ],
    ['nothing', '', []],
    ['comments only', '# a\n# b\n', []],
    ['Windows line ends and a byte order mark', `\uFEFF${POD.replaceAll('\n', '\r\n')}`, ['a']],
    [
      'a List',
      `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: b}}\n`,
      ['b'],
    ],
    ['a List of nothing, as Go writes it', '{"apiVersion":"v1","kind":"List","items":null}', []],
    [
      'a List within a List',
      '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"List","items":[]}]}',
      [],
    ],
    [
      'JSON values after each other',
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}\n{"apiVersion":"v1","kind":"Pod"}\n',
      ['a', undefined],
    ],
    [
      'YAML that begins like JSON',
      '{apiVersion: v1, kind: Pod, metadata: {name: c}}\n---\n{apiVersion: v1, kind: Pod}',
      ['c', undefined],
    ],
  ];
  test.each(cases)('%s', (_, text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  test('the items of a typed list take its kind', () => {
    const { objects } = readManifests(
      '{"apiVersion":"v1","kind":"NodeList","items":[{"metadata":{"name":"n"}}]}',
      'f',
    );
    expect(objects[0]!.object).toEqual({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } });
  });

  test('Helm hooks are left out and counted', () => {
    const hook = POD.replace('metadata:\n', 'metadata:\n  annotations: {"helm.sh/hook": test}\n');
    const { objects, nHooks } = readManifests(`${hook}---\n${POD}`, 'f');
    expect([objects.length, nHooks]).toEqual([1, 1]);
  });

  test('managed fields are dropped', () => {
    const { objects } = readManifests(
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","managedFields":[1]}}',
      'f',
    );
    expect(objects[0]!.object.metadata).toEqual({ name: 'a' });
  });

  test('scalars are read as kubectl reads them', () => {
    const text =
      'apiVersion: v1\nkind: X\na: yes\nb: 0644\nc: 2024-01-02T03:04:05Z\nd: 12:30\ne: "1"\nf: 1e3\n';
    expect(readManifests(text, 'f').objects[0]!.object).toMatchObject({
      a: true,
      b: 420,
      c: '2024-01-02T03:04:05Z',
      d: '12:30',
      e: '1',
      f: 1000,
    });
  });

  test('anchors and merge keys are resolved', () => {
    const text = 'apiVersion: v1\nkind: X\na: &a {p: 1}\nb:\n  <<: *a\n  q: 2\nc: *a\n';
    expect(readManifests(text, 'f').objects[0]!.object).toMatchObject({ b: { p: 1, q: 2 }, c: { p: 1 } });
  });
});

describe('places', () => {
  test('in YAML, of fields, items, missing fields and through aliases', () => {
    const { locate, line, column } = readManifests(`# first\n---\n${POD}x: &x\n  k: 1\nz: *x\n`, 'f')
      .objects[0]!;
    expect([line, column]).toEqual([3, 1]);
    expect(locate(['spec', 'containers', 0, 'image'])).toEqual({ line: 10, column: 5 });
    expect(locate(['spec', 'containers', 0])).toEqual({ line: 9, column: 5 });
    expect(locate(['spec', 'containers', 0, 'ports', 3])).toEqual({ line: 9, column: 5 });
    expect(locate(['z', 'k'])).toEqual({ line: 12, column: 3 });
  });

  test('in JSON, inside a list, past escapes and brackets in strings', () => {
    const text =
      '{"apiVersion":"v1","kind":"List","items":[\n {"apiVersion":"v1","kind":"Pod","metadata":{"name":"}\\"]"}},\n' +
      ' {"apiVersion":"v1","kind":"Pod",\n  "metadata": {"name": "b", "labels": [1, {"k":null}, "x"]}}]}';
    const { objects } = readManifests(text, 'f');
    expect(objects.map(({ line, column }) => [line, column])).toEqual([
      [2, 2],
      [3, 2],
    ]);
    expect(objects[1]!.locate(['metadata', 'name'])).toEqual({ line: 4, column: 16 });
    expect(objects[1]!.locate(['metadata', 'labels', 2])).toEqual({ line: 4, column: 55 });
    expect(objects[1]!.locate(['spec', 'x'])).toEqual({ line: 3, column: 2 });
  });

  test('a value of a JSON stream counts lines from the start of the file', () => {
    const { objects } = readManifests(
      '{"apiVersion":"v1","kind":"Pod"}\n{"apiVersion":"v1",\n"kind":"Pod"}',
      'f',
    );
    expect(objects[1]!.locate(['kind'])).toEqual({ line: 3, column: 1 });
  });
});

describe('mistakes', () => {
  test('a table is none of manifests', () => {
    const { problems } = readManifests('a,b\n1,2\n', 'jobs.csv.gz');
    expect(problems.map(formatProblem)).toEqual([
      'jobs.csv.gz: a table holds no Kubernetes objects: name it under workload as a trace',
    ]);
  });

  const cases: [string, string, string[]][] = [
    ['a key given twice', 'apiVersion: v1\nkind: Pod\nkind: Pod\n', ['f.yaml:3:1: key kind is given twice']],
    [
      'no apiVersion',
      'kind: Pod\n',
      ['f.yaml:1:1: apiVersion is missing or not text: every Kubernetes object has apiVersion and kind'],
    ],
    [
      'a kind that is no text',
      'apiVersion: v1\nkind: 7\n',
      ['f.yaml:2:1: kind is missing or not text: every Kubernetes object has apiVersion and kind'],
    ],
    [
      'plain text',
      'hello\n',
      ['f.yaml:1:1: expected a Kubernetes object (apiVersion, kind, metadata), found "hello"'],
    ],
    [
      'a long text',
      `${'long '.repeat(20)}\n`,
      [
        `f.yaml:1:1: expected a Kubernetes object (apiVersion, kind, metadata), found "${'long '.repeat(20).slice(0, 59)}…`,
      ],
    ],
    [
      'a list',
      '- a\n',
      ['f.yaml:1:1: expected a Kubernetes object (apiVersion, kind, metadata), found a list'],
    ],
    [
      'a List whose items are none',
      'apiVersion: v1\nkind: List\nitems: {kind: Pod}\n',
      ['f.yaml:3:1: found a mapping, expected a list of Kubernetes objects'],
    ],
    [
      'an item of a list that is nothing',
      'apiVersion: v1\nkind: List\nitems:\n-\n',
      ['f.yaml:4:2: expected a Kubernetes object (apiVersion, kind, metadata), found nothing'],
    ],
  ];
  test.each(cases)('%s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test('a broken document does not hide the others', () => {
    const { objects, problems: found } = readManifests(`a: [1\n---\n${POD}`, 'f.yaml');
    expect(objects).toHaveLength(1);
    expect(found[0]).toMatchObject({ file: 'f.yaml', line: 2 });
  });

  test('broken JSON is told with its place', () => {
    expect(problems('{"apiVersion": "v1",\n "kind": }')[0]).toMatch(/^f\.yaml:\d:\d+: /);
  });

  test('an unrendered template is told as one', () => {
    expect(problems('{{- if .Values.x }}\na: b\n{{- end }}\n').join()).toContain('helm template');
  });
});
