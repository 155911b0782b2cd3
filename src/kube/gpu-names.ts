// How shared GPUs are named in Kubernetes terms: by traces that have them and by the plugin that places them.

/** Request of a pod: milli-GPU in total; allocatable of a node: 1000 a device. */
export const GPU_MILLI = 'wavetank.io/gpu-milli';
/** Allocatable of a node: its devices. */
export const GPU_DEVICES = 'wavetank.io/gpu-devices';
/** Annotation of a pod: how many devices its milli-GPU lie on. */
export const GPU_COUNT = 'wavetank.io/gpu-count';
/** Label of a node. */
export const GPU_MODEL = 'wavetank.io/gpu-model';
export const MILLI_PER_GPU = 1000;
