// Runs before the first paint so that neither the chosen theme nor another page's words flash; a file of its own because the CSP forbids inline scripts.
(function () {
  var theme = 'system';
  var palette = 'standard';
  var language = navigator.language;
  try {
    var saved = JSON.parse(localStorage.getItem('cv-preferences') || '{}').state || {};
    theme = saved.theme || theme;
    palette = saved.palette || palette;
    language = localStorage.getItem('cv-language') || language;
  } catch {
    // Storage may be forbidden; the system theme is a fine answer.
  }
  var dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', dark);
  document.documentElement.classList.toggle(
    'at-home',
    location.pathname === '/' && language.slice(0, 2) !== 'de',
  );
  document.documentElement.classList.toggle('colour-blind', palette === 'colour-blind');
})();
