/** Loaded into every process that is measured: SIGUSR2 collects its garbage. */
process.on('SIGUSR2', () => {
  globalThis.gc?.();
  globalThis.gc?.();
});
