/** A round number not below `peak`, so that the axis can be labelled at its top and its middle. */
export function roundUp(peak: number): number {
  if (peak <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(peak));
  const step = [1, 2, 4, 5, 10].find((factor) => peak <= factor * size) ?? 10;
  return step * size;
}

/** The path of a line through what is there, in a box 100 high; where nothing is there it breaks off. */
export function linePath(values: (number | null)[], top: number): string {
  let drawing = false;
  return values
    .map((value, index) => {
      if (value === null) {
        drawing = false;
        return '';
      }
      const point = `${index * 10 + 5} ${((1 - Math.min(1, value / top)) * 100).toFixed(2)}`;
      const before = drawing;
      drawing = true;
      // A point without neighbours still has a line of no length, which its round ends make visible.
      return before ? `L${point}` : `M${point}h0`;
    })
    .join('');
}
