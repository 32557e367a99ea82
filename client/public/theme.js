// Runs before the first paint, so that a dark page never flashes white. It is a file of its own because the
// Content-Security-Policy allows no inline scripts.
(function () {
  var choice = 'system';
  try {
    choice = localStorage.getItem('relay-theme') || 'system';
  } catch {
    // Storage can be switched off; the system's preference is then the answer.
  }
  var dark = choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
