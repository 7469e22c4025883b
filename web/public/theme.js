// Runs before the first paint so that the chosen theme never flashes; a file of its own because the CSP forbids inline scripts.
(function () {
  var theme = 'system';
  var palette = 'standard';
  try {
    var saved = JSON.parse(localStorage.getItem('cv-preferences') || '{}').state || {};
    theme = saved.theme || theme;
    palette = saved.palette || palette;
  } catch {
    // Storage may be forbidden; the system theme is a fine answer.
  }
  var dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', dark);
  document.documentElement.classList.toggle('colour-blind', palette === 'colour-blind');
})();
