// Manifests that people run: online-boutique, kube-prometheus, open-simulator. Read from the data folder; skipped
// without it.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../base/errors.ts';
import { lookupKind } from './kinds.ts';
import { readManifests } from './read-manifests.ts';
import { locatedProblems, validateObject } from './validate.ts';

const DATA = process.env.WAVETANK_DATA;

function manifests(folder: string): { file: string; text: string }[] {
  return readdirSync(join(DATA!, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ file: name, text: readFileSync(join(DATA!, folder, name), 'utf8') }));
}

function judge(folder: string): { nModelled: number; foreign: string[]; problems: string[] } {
  const foreign = new Set<string>();
  const problems: string[] = [];
  let nModelled = 0;
  for (const { file, text } of manifests(folder)) {
    const reading = readManifests(text, file);
    problems.push(...reading.problems.map(formatProblem));
    for (const located of reading.objects) {
      const { apiVersion, kind } = located.object;
      if (lookupKind(apiVersion, kind).status === 'known') nModelled++;
      else foreign.add(kind);
      problems.push(...locatedProblems(located, validateObject(located.object)).map(formatProblem));
    }
  }
  return { nModelled, foreign: [...foreign].sort(), problems };
}

describe.skipIf(!DATA)('manifests of others are read and found valid', () => {
  test('online-boutique', () => {
    expect(judge('online-boutique')).toEqual({ nModelled: 35, foreign: [], problems: [] });
  });

  test('kube-prometheus, its own kinds aside', () => {
    expect(judge('kube-prometheus')).toMatchObject({ foreign: ['Alertmanager', 'Prometheus'], problems: [] });
  });

  test('open-simulator, but for one ReplicaSet that the API refuses too', () => {
    expect(judge('open-simulator')).toMatchObject({
      foreign: ['Config'],
      problems: [
        'application/simple/rs-calico.yaml:10:1: ReplicaSet "calico-kube-controllers" spec.selector: Required value',
      ],
    });
  });
});
