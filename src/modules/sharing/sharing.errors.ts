import { defineErrors } from '../../kernel/errors.ts'

export const sharingErrors = defineErrors({
  SHARE_WITH_SELF: { status: 422, message: 'This is the same town: name another one.' },
  SHARE_UNFIT: {
    status: 422,
    message: 'What is given does not fit the kind, or the time is over; each field that is wrong is named.',
  },
  SHARE_SOURCE_NOT_FOUND: { status: 404, message: 'There is nothing of that kind and id that you may see.' },
  SHARE_REVOKED: { status: 409, message: 'This was taken back already. Grant it anew.' },
  SHARE_COPY_HIDDEN: {
    status: 409,
    message:
      'The copy in the other town is hidden from you, so it cannot be taken back. Whoever it is private to can do that.',
  },
  SHARED_NOT_FOUND: { status: 404, message: 'Nothing of that kind and id is shared with this town.' },
  CAPITAL_REFUSED: { status: 403, message: 'Only who is a boss of both towns puts one under the other.' },
})
