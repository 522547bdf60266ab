import { defineErrors } from '../../kernel/errors.ts'

/** What sign-in and key handling refuse. */
export const identityErrors = defineErrors({
  UNAUTHENTICATED: {
    status: 401,
    message: 'Show an API key as "Authorization: Bearer KEY", or sign in.',
  },
  API_KEY_UNKNOWN: { status: 401, message: 'This API key is not known here.' },
  API_KEY_EXPIRED: {
    status: 401,
    message: 'This API key has expired. Make a new one with identity.keys.create.',
  },
  API_KEY_REVOKED: {
    status: 401,
    message: 'This API key was revoked. Make a new one with identity.keys.create.',
  },
  NO_TOWN: { status: 403, message: 'You do not belong to this town.' },
  FORBIDDEN: { status: 403, message: 'Your role in this town does not allow this operation.' },
  PRIVACY_NOT_ALLOWED: {
    status: 403,
    message: 'Only admins keep things boss_only. Choose public, team or private.',
  },
  KEY_SCOPE: { status: 403, message: 'This API key is not made for this operation.' },
  KEY_PERSONALITY: { status: 403, message: 'This API key is not made for this personality.' },
  KEY_NOT_OWN: {
    status: 403,
    message:
      'This API key acts in its town alone: somebody else issued it, or you joined another town since. Sign in, and make one of your own with identity.keys.create.',
  },
  MEMBER_NOT_FOUND: { status: 404, message: 'There is no such member of this town. See identity.members.' },
  MEMBER_ALREADY: {
    status: 409,
    message: 'Who has this address is a member already. Change them with identity.members.update.',
  },
  MEMBER_ELSEWHERE: {
    status: 409,
    message: 'Who has this address belongs to another town. Invite them with identity.invitations.create.',
  },
  LAST_OWNER: {
    status: 409,
    message:
      'The last admin of a town, and the last owner of its organization, stay. Make somebody else one first.',
  },
  USERNAME_TAKEN: { status: 409, message: 'Somebody else here has this user name. Choose another.' },
  ORGANIZATION_NOT_FOUND: {
    status: 404,
    message: 'You belong to no such organization. See identity.organizations.list.',
  },
  ORGANIZATION_SLUG_TAKEN: {
    status: 409,
    message: 'An organization of that slug exists already. Choose another.',
  },
  ORGANIZATION_OWNER_STAYS: { status: 409, message: 'The owner of an organization stays what they are.' },
  EMAIL_TAKEN: { status: 409, message: 'Somebody else here has this e-mail address. Choose another.' },
  API_KEY_NOT_FOUND: { status: 404, message: 'There is no such API key in this town that you may handle.' },
  SESSION_NOT_FOUND: {
    status: 404,
    message: 'You are not signed in with this session. See identity.sessions.list.',
  },
  INVITATION_NOT_FOUND: {
    status: 404,
    message: 'There is no such invitation, or it is for another address than yours.',
  },
  INVITATION_ENDED: {
    status: 409,
    message: 'The invitation was accepted or taken back, or it has expired. Ask for a new one.',
  },
})
