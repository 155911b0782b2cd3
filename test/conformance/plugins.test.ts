/** Each plugin alone, as kube-scheduler v1.37.2 answered: Filter, reasons, raw and normalized scores. */
import { describe, expect, it } from 'vitest';
import { itAgreesWith, vectorFiles, vectorLines } from '../support/vectors.ts';

const files = vectorFiles('modern').filter((file) => file.includes('plugins'));

describe('recorded answers of plugins', () => {
  itAgreesWith(files);

  it('are asked of every plugin that filters or scores', () => {
    const plugins = new Set<string>();
    for (const { plugin } of Object.values(JSON.parse(vectorLines(files[0]!)[0]!).profiles) as {
      plugin: string;
    }[])
      plugins.add(plugin);
    expect([...plugins].sort()).toEqual([
      'ImageLocality',
      'InterPodAffinity',
      'NodeAffinity',
      'NodeName',
      'NodePorts',
      'NodeResourcesBalancedAllocation',
      'NodeResourcesFit',
      'NodeUnschedulable',
      'NodeVolumeLimits',
      'PodTopologySpread',
      'TaintToleration',
      'VolumeBinding',
      'VolumeRestrictions',
      'VolumeZone',
    ]);
  });
});
