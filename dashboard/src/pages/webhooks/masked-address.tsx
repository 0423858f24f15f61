import { useState } from 'preact/hooks';
import { maskedUrl } from '../../model/webhook.js';
import { mayAct } from '../../state/monitor.js';
import * as copy from '../../words/copy/index.js';
import { shown } from '../../words/safe-text.js';

/** An address without what may be secret, until an operator asks for all of it. */
export function MaskedAddress({ url }: { url: string }) {
  const [revealed, setRevealed] = useState(false);
  const masked = maskedUrl(url);
  return (
    <>
      <code class="address">{shown(revealed ? url : masked, 300)}</code>
      {mayAct.value && masked !== url && (
        <button
          type="button"
          class="text-button"
          aria-pressed={revealed}
          onClick={() => setRevealed(!revealed)}
        >
          {revealed ? copy.webhooks.hide : copy.webhooks.reveal}
        </button>
      )}
    </>
  );
}
