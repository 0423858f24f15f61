export const errors = {
  network: 'The server cannot be reached.',
  noRest: 'The REST API is switched off on this server.',
  unknown: (status: number) => `The server answered ${status}.`,
  timeout: 'The server did not answer in time.',
};
