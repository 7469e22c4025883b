// Runs before the first paint; a file of its own because the CSP forbids inline scripts. It sees to three things:
// neither the chosen theme nor another page's words flash, the page's own files and figures are on their way while
// the program is still arriving (a price is shown as soon as it is there), and the program starts when there is
// something to look at.
(function () {
  var path = location.pathname;
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
  var root = document.documentElement;
  var german = language.slice(0, 2) === 'de';
  var dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.classList.toggle('dark', dark);
  root.classList.toggle('colour-blind', palette === 'colour-blind');
  root.classList.toggle('at-home', path === '/' && !german);
  root.classList.toggle('at-markets', path === '/markets' && !german);
  root.classList.toggle('at-trade', path.indexOf('/trade/') === 0);

  // What the build knows: the program's first file, and each page's files and requests.
  var build = document.getElementById('build');
  if (!build) return;
  var facts = JSON.parse(build.textContent);
  var page = facts.pages[path.split('/')[1]] || { files: [], texts: {}, asks: [] };

  // Low, because the first words, which need none of it, are worth more.
  page.files.concat(page.texts[german ? 'de' : 'en'] || []).forEach(function (file) {
    var link = document.createElement('link');
    link.rel = 'modulepreload';
    link.fetchPriority = 'low';
    link.crossOrigin = '';
    link.href = file;
    document.head.append(link);
  });

  var pair = path.split('/')[2] || '';

  // The last price of the address's market, grouped as the program will show it: the same text at the same place.
  function showPrice(answer) {
    var market = answer.items.find(function (each) {
      return each.symbol === pair.toUpperCase();
    });
    var place = document.getElementById('first-price');
    if (!place || !market || !market.ticker || !market.ticker.last) return;
    var parts = market.ticker.last.split('.');
    var cents = ((parts[1] || '') + '00000000').slice(0, market.price_decimals);
    place.textContent = parts[0].replace(/\B(?=(\d{3})+$)/g, ',') + (cents && '.' + cents);
  }

  // src/lib/early.ts takes the answers from here; a failure is for the program to meet again.
  window.earlyAnswers = {};
  page.asks.forEach(function (ask) {
    var url = ask.replace('{pair}', pair);
    window.earlyAnswers[url] = fetch(facts.api + url, { credentials: 'include' })
      .then(function (answer) {
        return answer.ok ? answer.json() : undefined;
      })
      .catch(function () {});
  });

  if (pair && window.earlyAnswers['/markets']) {
    window.earlyAnswers['/markets'].then(showPrice).catch(function () {});
  }

  // Two frames and a turn later the first words are painted; a hidden tab has no frames, so the clock starts it too.
  var started = false;
  function start() {
    if (started) return;
    started = true;
    var script = document.createElement('script');
    script.type = 'module';
    script.crossOrigin = '';
    script.src = facts.start;
    document.head.append(script);
  }
  document.addEventListener('DOMContentLoaded', function () {
    setTimeout(start, 500);
    requestAnimationFrame(function () {
      requestAnimationFrame(function () {
        setTimeout(start);
      });
    });
  });
})();
