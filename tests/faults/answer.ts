const FRAGMENTS = 5;

/** What every agent of the suite answers to the n-th event: the same at each attempt, and unlike any other's. */
export function answerTo(n: number): string {
  return fragmentsOf(n).join('');
}

export function fragmentsOf(n: number): string[] {
  return Array.from({ length: FRAGMENTS }, (_, at) => `${n}.${at} `);
}
