import type { WebhookFormat } from '../../common/options/index.js';
import { archipelago } from './archipelago.js';
import { discord } from './discord.js';
import type { Format } from './format.js';
import { ntfy } from './ntfy.js';
import { slack } from './slack.js';

export const FORMATS: Readonly<Record<WebhookFormat, Format>> = { archipelago, slack, discord, ntfy };
