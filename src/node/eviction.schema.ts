// The `eviction` of a scenario's node model: when a kubelet finds its node short of memory or disk, and what it then does.

import { z } from 'zod';
import { parseDurationUs } from '../base/duration.ts';
import { parseValue } from '../base/quantity.ts';
import { durationText, positiveDurationText } from '../workload/notation.schema.ts';
import type { EvictionModel } from './pressure/eviction-manager.ts';
import type { Signal, Threshold } from './pressure/thresholds.ts';

const PERCENT = /^(\d+(?:\.\d+)?)%$/;

function isAmount(text: string): boolean {
  if (PERCENT.test(text)) return true;
  try {
    return parseValue(text) >= 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const amount = z.string().refine(isAmount, 'expected an amount such as "500Mi" or a share such as "10%"');
const signals = z.partialRecord(
  z.enum(['memory.available', 'nodefs.available', 'imagefs.available']),
  amount,
);

export const evictionSchema = z
  .strictObject({
    hard: signals
      .default({ 'memory.available': '100Mi', 'nodefs.available': '10%', 'imagefs.available': '15%' })
      .describe('Thresholds that evict at once (evictionHard, kubelet 1.37); given ones replace all of them'),
    soft: signals.default({}).describe('Thresholds that must be met for a while (evictionSoft)'),
    softGracePeriod: durationText
      .default('90s')
      .describe('… for so long (evictionSoftGracePeriod; an assumption)'),
    maxPodGracePeriod: z
      .int()
      .min(0)
      .default(0)
      .describe('Seconds of grace in soft evictions at most (evictionMaxPodGracePeriod, 1.37)'),
    period: positiveDurationText.default('10s').describe('How often the kubelet looks (1.37)'),
    transition: durationText
      .default('5m')
      .describe(
        'How long a condition stays after the last sign of it (evictionPressureTransitionPeriod, 1.37)',
      ),
  })
  .describe('Node pressure.');

function thresholds(input: Partial<Record<Signal, string>>, graceUs: number): Threshold[] {
  return Object.entries(input).map(([signal, text]) => {
    const percent = PERCENT.exec(text);
    const limit = percent ? { ratio: Number(percent[1]) / 100 } : { bytes: parseValue(text) };
    return { signal: signal as Signal, ...limit, graceUs };
  });
}

export function evictionModel(input: z.infer<typeof evictionSchema>): EvictionModel {
  const softUs = Math.max(1, parseDurationUs(input.softGracePeriod));
  return {
    thresholds: [...thresholds(input.hard, 0), ...thresholds(input.soft, softUs)],
    periodUs: parseDurationUs(input.period),
    transitionUs: parseDurationUs(input.transition),
    softGraceSecondsMax: input.maxPodGracePeriod,
  };
}
