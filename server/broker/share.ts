/**
 * Divides what waits into the next batch and the rest: of too much, each lane gets the same share as far as it has so
 * much, however many others stand before it. Both parts keep their order.
 *
 * @param most entries of the batch
 */
export function share<E>(
  waiting: E[],
  most: number,
  laneOf: (entry: E) => string,
): { batch: E[]; rest: E[] } {
  const lanes = Map.groupBy(waiting, laneOf);
  const chosen = new Set<E>();
  for (let turn = 0; chosen.size < most && lanes.size > 0; turn += 1)
    for (const [name, lane] of lanes) {
      const entry = lane[turn];
      if (entry === undefined) lanes.delete(name);
      else if (chosen.size < most) chosen.add(entry);
    }
  const inBatch = (entry: E) => chosen.has(entry);
  return { batch: waiting.filter(inBatch), rest: waiting.filter((entry) => !inBatch(entry)) };
}
