import { render } from 'preact';
import { App } from './app.js';
import { startClock } from './state/clock.js';
import { startMonitor } from './state/monitor.js';
import { startPreferences } from './state/preferences.js';
import { startRouter } from './state/router.js';
import { takeToken, watchForNewLink } from './state/session.js';
import { startStatusPoll } from './state/status-poll.js';

// First of all: the token leaves the address before anything else can see it.
takeToken();
watchForNewLink();
startPreferences();
startRouter();
startClock();
startMonitor();
startStatusPoll();

const page = document.getElementById('page');
if (page) render(<App />, page);
