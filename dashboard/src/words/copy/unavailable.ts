export const loading = {
  label: 'Connecting to the server',
  slow: 'Still connecting…',
  unknown: 'The server has not answered yet.',
};

export const access = {
  title: 'This page needs a new link from your server.',
  text: 'The link you used is missing its token, or the token no longer counts. Open the page again from where your server offers it.',
  again: 'Try again',
};

export const unreachable = {
  title: 'The live connection is switched off on this server.',
  text: 'The dashboard needs Socket.IO. Set `socket` in the module’s options to switch it on.',
};
