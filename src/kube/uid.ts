// Uids as texts. Inside, pods are counted by integers; owner references and manifests need the text.
// Deviation: real uids are random; these count, so that runs are the same every time.

const format = (number: number, variant: '8000' | '9000'): string =>
  `00000000-0000-4000-${variant}-${number.toString(16).padStart(12, '0')}`;

export const podUid = (number: number): string => format(number, '9000');
export const objectUid = (number: number): string => format(number, '8000');

/** The number of a pod's uid; undefined when the text is not a pod's. */
export function podNumber(uid: string): number | undefined {
  return uid.startsWith('00000000-0000-4000-9000-') ? Number.parseInt(uid.slice(24), 16) : undefined;
}
