// What the catalogue says of one type of machine.

export type Provider = 'aws' | 'azure' | 'gcp' | 'custom';

export interface Price {
  readonly usdPerHour: number;
  readonly region: string | undefined;
  /** Day of the price list, ISO 8601; undefined for the user's own figures. */
  readonly date: string | undefined;
}

export interface InstanceType {
  readonly name: string;
  readonly provider: Provider;
  readonly arch: 'amd64' | 'arm64';
  readonly nCpu: number;
  /** Nominal, as sold. */
  readonly memoryBytes: number;
  readonly nGpus: number;
  readonly gpuModel?: string;
  /** What the provider's networking allows, before the caps of {@link allocatableOf}. */
  readonly nPodsMax: number;
  /** Null when unknown: never taken as free. */
  readonly price: Price | null;
  /** What a node offers, when known exactly; else the provider's formula says. */
  readonly allocatable?: { readonly cpuMilli: number; readonly memoryBytes: number };
}

export function gib(amount: number): number {
  return amount * 2 ** 30;
}
