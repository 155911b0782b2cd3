// Values of metrics with their units, for people to read.

import { unitOf } from '../../metrics/flat-metrics.ts';
import { durationText, numberText } from '../../report/text.ts';

/** Three significant digits also far below 1. */
export function figureText(value: number): string {
  return value !== 0 && Math.abs(value) < 1 ? String(Number(value.toPrecision(3))) : numberText(value);
}

function secondsText(seconds: number): string {
  if (seconds === 0) return '0s';
  return `${seconds < 0 ? '-' : ''}${durationText(Math.abs(seconds) * 1e6)}`;
}

/** `5m54s`, `52.3%`, `360h`, `1,287`. */
export function metricText(metric: string, value: number): string {
  const unit = unitOf(metric);
  if (unit === 's') return secondsText(value);
  return unit === 'share' ? `${figureText(value * 100)}%` : `${figureText(value)}${unit}`;
}

/** The difference of two values; of shares in percentage points, lest they be taken for parts of the value. */
export function differenceText(metric: string, value: number): string {
  return unitOf(metric) === 'share' ? `${figureText(value * 100)} points` : metricText(metric, value);
}
