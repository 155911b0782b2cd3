// The bundled shop is whole: it reads without a complaint and every name in it stands for something in it.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readManifests } from '../src/kube/read-manifests.ts';
import { matchesLabelSelector } from '../src/kube/selector.ts';
import type { KubeObject, LabelSelector, PodTemplateSpec } from '../src/kube/types.ts';
import { validateObject } from '../src/kube/validate.ts';
import { workloadSchema } from '../src/workload/workload.schema.ts';

const folder = new URL('../scenarios/', import.meta.url);
const textOf = (file: string): string => readFileSync(new URL(file, folder), 'utf8');

interface Group {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string }[];
}

interface Spec {
  readonly selector?: LabelSelector;
  readonly template?: PodTemplateSpec;
  readonly jobTemplate?: { readonly spec: { readonly template: PodTemplateSpec } };
  readonly volumeClaimTemplates?: readonly { readonly spec: { readonly storageClassName: string } }[];
}

const scenario = parse(textOf('shop.yaml')) as {
  readonly workload: unknown;
  readonly cluster: { readonly nodeGroups: readonly Group[] };
};
const read = readdirSync(new URL('shop/', folder)).map((file) => readManifests(textOf(`shop/${file}`), file));
const objects = read.flatMap((manifests) => manifests.objects.map((located) => located.object));
const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
const namesOf = (kind: string) => ofKind(kind).map((object) => object.metadata.name);
const specOf = (object: KubeObject) => (object as KubeObject & { readonly spec?: Spec }).spec ?? {};

const templates = objects.flatMap((object) => {
  const template = specOf(object).template ?? specOf(object).jobTemplate?.spec.template;
  return template ? [{ name: object.metadata.name, namespace: object.metadata.namespace, template }] : [];
});

describe('the bundled shop', () => {
  it('reads without a complaint', () => {
    expect(read.flatMap((manifests) => manifests.problems)).toEqual([]);
    expect(workloadSchema.safeParse(scenario.workload).error).toBeUndefined();
  });

  it('is nothing that the API server would refuse', () => {
    expect(objects.flatMap((object) => validateObject(object))).toEqual([]);
  });

  it('has every kind of work that a shop has', () => {
    const count = (kind: string) => ofKind(kind).length;
    expect(count('Deployment')).toBeGreaterThanOrEqual(12);
    for (const kind of [
      'StatefulSet',
      'DaemonSet',
      'CronJob',
      'Service',
      'PodDisruptionBudget',
      'StorageClass',
    ]) {
      expect(count(kind), kind).toBeGreaterThan(0);
    }
  });

  it('names each object once', () => {
    const keys = objects.map(({ kind, metadata }) => `${kind}/${metadata.namespace}/${metadata.name}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('refers only to priority classes, storage classes and namespaces that are there', () => {
    const priorities = [...namesOf('PriorityClass'), 'system-node-critical'];
    for (const { name, template } of templates) {
      expect(priorities, name).toContain(template.spec.priorityClassName);
    }
    const namespaces = objects.flatMap(({ metadata }) => metadata.namespace ?? []);
    expect(new Set(namespaces)).toEqual(new Set(namesOf('Namespace')));
    const classes = objects.flatMap((object) =>
      (specOf(object).volumeClaimTemplates ?? []).map((claim) => claim.spec.storageClassName),
    );
    expect(new Set(classes)).toEqual(new Set(namesOf('StorageClass')));
  });

  it('has something behind every service and budget', () => {
    for (const object of [...ofKind('Service'), ...ofKind('PodDisruptionBudget')]) {
      const { selector } = specOf(object);
      const wanted =
        object.kind === 'Service' ? { matchLabels: selector as Record<string, string> } : selector;
      const behind = templates.filter(
        ({ namespace, template }) =>
          namespace === object.metadata.namespace &&
          matchesLabelSelector(wanted, template.metadata?.labels ?? {}),
      );
      expect(behind, `${object.kind} ${object.metadata.name}`).toHaveLength(1);
    }
  });

  it('sends pods only to pools that there are and whose taints they tolerate', () => {
    for (const { name, template } of templates) {
      const pool = template.spec.nodeSelector?.pool;
      if (pool === undefined) continue;
      const group = scenario.cluster.nodeGroups.find((candidate) => candidate.labels.pool === pool);
      expect(group, `pool of ${name}`).toBeDefined();
      const tolerated = (template.spec.tolerations ?? []).map((toleration) => toleration.key);
      for (const taint of group?.taints ?? []) expect(tolerated, name).toContain(taint.key);
    }
  });
});
