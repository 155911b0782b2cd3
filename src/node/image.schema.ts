// The `images` and `pull` of a scenario's node model: what images consist of and how they come to the nodes.

import { z } from 'zod';
import { parseDurationUs } from '../base/duration.ts';
import { parseValue } from '../base/quantity.ts';
import {
  bandwidthText,
  durationText,
  memoryText,
  positiveDurationText,
} from '../workload/notation.schema.ts';
import type { ImageSpec } from './images/image-catalog.ts';
import type { ImageModel } from './images/node-images.ts';
import type { PullModel } from './images/puller.ts';
import type { BandwidthModel } from './images/transfers.ts';

const imageSchema = z
  .strictObject({
    image: z.string().min(1).describe('Name of the image; * stands for any text'),
    size: memoryText.describe('All its layers together'),
    layers: z
      .array(
        z.strictObject({
          id: z.string().min(1).describe('Images with a layer of the same id share it'),
          size: memoryText.describe('Bytes of the layer'),
        }),
      )
      .optional()
      .describe('Layers that other images may have, too; the rest of the size is a layer of its own'),
    missing: z.boolean().default(false).describe('The registry does not have it: pulls fail'),
    failures: z.number().min(0).max(1).default(0).describe('Share of the pulls that fail'),
  })
  .refine(
    ({ size, layers = [] }) =>
      layers.reduce((sum, layer) => sum + parseValue(layer.size), 0) <= parseValue(size),
    { message: 'the layers are larger than the image', path: ['layers'] },
  );

export const imagesSchema = z
  .strictObject({
    size: memoryText
      .default('200Mi')
      .describe('Size of an image of which nothing else is said (an assumption)'),
    disk: memoryText
      .default('100Gi')
      .describe('Disk of a node whose capacity names no ephemeral-storage (an assumption)'),
    catalog: z.array(imageSchema).default([]).describe('Images of known size; the first that fits counts'),
    gcPeriod: positiveDurationText
      .default('5m')
      .describe('How often unused images are collected (kubelet 1.37)'),
    gcHigh: z
      .number()
      .min(0)
      .max(1)
      .default(0.85)
      .describe('Use of the disk from which images are collected (imageGCHighThresholdPercent, 1.37)'),
    gcLow: z
      .number()
      .min(0)
      .max(1)
      .default(0.8)
      .describe('… and down to which (imageGCLowThresholdPercent, 1.37)'),
  })
  .describe('Container images and the disks of the nodes.');

export const pullSchema = z
  .strictObject({
    parallel: z
      .int()
      .min(1)
      .default(1)
      .describe('Images that one node pulls at once (serializeImagePulls, maxParallelImagePulls, 1.37)'),
    qps: z.number().positive().default(5).describe("Limit of a kubelet's pulls (registryPullQPS, 1.37)"),
    burst: z.int().min(1).default(10).describe('Burst of that limit (registryBurst, 1.37)'),
    latency: durationText.default('500ms').describe('Answer of the registry to one pull (an assumption)'),
    bandwidth: bandwidthText
      .default('100Mi')
      .describe('Bytes a second that one node downloads and unpacks (an assumption)'),
    registryBandwidth: bandwidthText
      .optional()
      .describe('Bytes a second that the registry gives to all nodes together; default: no limit'),
    backoff: positiveDurationText
      .default('10s')
      .describe('Back-off after a failed pull, doubled each time (kubelet 1.37)'),
    backoffMax: positiveDurationText.default('300s').describe('Longest such back-off (kubelet 1.37)'),
  })
  .describe('How images come to the nodes.');

type ImagesInput = z.infer<typeof imagesSchema>;
type PullInput = z.infer<typeof pullSchema>;

export function imageModel(input: ImagesInput): ImageModel {
  return {
    images: input.catalog.map(
      ({ image, size, layers, missing, failures }): ImageSpec => ({
        image,
        bytes: parseValue(size),
        isMissing: missing,
        failureRatio: failures,
        ...(layers && { layers: layers.map((layer) => ({ id: layer.id, bytes: parseValue(layer.size) })) }),
      }),
    ),
    defaultBytes: parseValue(input.size),
    defaultDiskBytes: parseValue(input.disk),
    gcPeriodUs: parseDurationUs(input.gcPeriod),
    gcHighRatio: input.gcHigh,
    gcLowRatio: input.gcLow,
  };
}

export function pullModel(input: PullInput): PullModel {
  return {
    nParallelMax: input.parallel,
    qps: input.qps,
    burst: input.burst,
    latencyUs: parseDurationUs(input.latency),
    backoffUs: parseDurationUs(input.backoff),
    backoffUsMax: parseDurationUs(input.backoffMax),
  };
}

export function bandwidthModel({ bandwidth, registryBandwidth }: PullInput): BandwidthModel {
  return {
    nodeBytesPerSec: parseValue(bandwidth),
    registryBytesPerSec: registryBandwidth === undefined ? Infinity : parseValue(registryBandwidth),
  };
}
