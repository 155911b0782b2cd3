/** How resources are called and measured in tables: cores, bytes, pieces. */

/** `nvidia.com/gpu` becomes `nvidia_com_gpu`. */
function columnName(resource: string): string {
  return resource.replaceAll(/[^a-zA-Z0-9]+/g, '_');
}

export interface ResourceUnit {
  readonly name: string;
  readonly unit: string;
  /** From the amounts that metrics hold (CPU in millicores). */
  readonly scale: number;
}

export function resourceUnit(resource: string): ResourceUnit {
  const name = columnName(resource);
  if (resource === 'cpu') return { name, unit: 'cores', scale: 1e-3 };
  const isBytes =
    resource === 'memory' || resource === 'ephemeral-storage' || resource.startsWith('hugepages-');
  return { name, unit: isBytes ? 'bytes' : '', scale: 1 };
}
