// Rules of volumes in pods. Source: pkg/apis/core/validation, 1.37.

import { parseQuantity } from '../../base/quantity.ts';
import type { Volume } from '../types.ts';
import type { Field } from './field.ts';
import { dnsLabel } from './names.ts';
import { VOLUME_SOURCES } from './shapes/volume.ts';
import { checkClaimSpec } from './storage.ts';

/** The field without which a source means nothing. */
const REQUIRED_FIELDS: Readonly<Record<string, string>> = {
  hostPath: 'path',
  persistentVolumeClaim: 'claimName',
  configMap: 'name',
  secret: 'secretName',
  csi: 'driver',
  gcePersistentDisk: 'pdName',
  awsElasticBlockStore: 'volumeID',
  iscsi: 'iqn',
  rbd: 'image',
  ephemeral: 'volumeClaimTemplate',
};

function checkVolume(volume: Volume, at: Field): void {
  if (!volume.name) at.at('name').required();
  else at.at('name').all(volume.name, dnsLabel(volume.name));
  const entries = Object.entries(volume as unknown as Record<string, Record<string, unknown> | null>);
  const sources = entries.filter(([name, source]) => VOLUME_SOURCES.has(name) && source !== null);
  for (const [name] of sources.slice(1)) at.at(name).forbidden('may not specify more than 1 volume type');
  for (const [name, source] of sources) {
    const field = REQUIRED_FIELDS[name];
    if (field && !source?.[field]) at.at(name, field).required();
  }
  const sizeLimit = volume.emptyDir?.sizeLimit;
  if (sizeLimit !== undefined && sizeLimit !== null && parseQuantity(sizeLimit).nano < 0n) {
    at.at('emptyDir', 'sizeLimit').forbidden('SizeLimit field must be a valid resource quantity');
  }
  const template = volume.ephemeral?.volumeClaimTemplate;
  if (template) checkClaimSpec(template.spec, at.at('ephemeral', 'volumeClaimTemplate', 'spec'));
}

export function checkVolumes(volumes: readonly Volume[], at: Field): void {
  at.distinct(
    volumes.map(({ name }) => name),
    'name',
  );
  for (const [i, volume] of volumes.entries()) checkVolume(volume, at.at(i));
}
