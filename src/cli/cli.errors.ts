import { defineErrors } from '../kernel/errors.ts'

/** What the command line itself refuses; everything else is the operation's own error. */
export const cliErrors = defineErrors({
  USAGE: { status: 400, message: 'The command could not be understood. See robbieverse help.' },
  NO_API_KEY: {
    status: 401,
    message:
      'There is no API key. Set ROBBIEVERSE_API_KEY, or run the command as the user who started RobbieVerse.',
  },
  HOME_IN_USE: { status: 503, message: 'The home folder is in use by another process.' },
  NOT_DEPLOYED: {
    status: 503,
    message: 'There is no RobbieVerse in this database yet. Run `robbieverse start` or `robbieverse deploy`.',
  },
  ADDRESS_IN_USE: {
    status: 503,
    message: 'The port is taken by another program. Set ROBBIEVERSE_PORT to another one.',
  },
  ADDRESS_REFUSED: {
    status: 503,
    message: 'The address cannot be listened on. Check ROBBIEVERSE_HOST and ROBBIEVERSE_PORT.',
  },
})
