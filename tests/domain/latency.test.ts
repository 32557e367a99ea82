import { expect, test } from 'vitest';
import { bucketOf, latencyBounds, percentile } from '../../server/domain/latency.ts';

const counted = (...latencies: number[]) => {
  const counts = latencyBounds.map(() => 0);
  for (const latency of latencies) counts[bucketOf(latency)]! += 1;
  return counts;
};

test('every latency has a bucket whose bounds hold it', () => {
  for (const ms of [0, 1, 1.5, 2, 99, 100, 101, 3_600_000, 3_600_001, 1e12]) {
    const bucket = bucketOf(ms);
    expect(ms).toBeLessThanOrEqual(latencyBounds[bucket]!);
    if (bucket > 0) expect(ms).toBeGreaterThan(latencyBounds[bucket - 1]!);
  }
});

test('a percentile lies in the bucket of the answer it stands for', () => {
  const counts = counted(...Array<number>(98).fill(150), 4_000, 4_500);
  expect(percentile(counts, 0.5)).toBeGreaterThan(100);
  expect(percentile(counts, 0.5)).toBeLessThanOrEqual(200);
  expect(percentile(counts, 0.99)).toBeGreaterThan(3_500);
  expect(percentile(counts, 0.99)).toBeLessThanOrEqual(5_000);
});

test('nothing counted has no percentile, and the open bucket answers with its lower bound', () => {
  expect(percentile(counted(), 0.5)).toBeNull();
  expect(percentile(counted(9_999_999), 0.5)).toBe(3_600_000);
});
