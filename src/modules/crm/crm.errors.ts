import { defineErrors } from '../../kernel/errors.ts'

export const crmErrors = defineErrors({
  DEAL_IS_OPEN: {
    status: 422,
    message:
      'The stage leaves the deal open, so it has no time and no reason of closing. Move it to a stage that is won or lost.',
  },
  DEAL_CONTACT_TAKEN: {
    status: 409,
    message: 'The person is in this deal already. Change the role that is there.',
  },
  STAGE_HAS_DEALS: {
    status: 409,
    message:
      'Deals stand in this stage, perhaps some that you may not see. Its pipeline and outcome stay, and so does it, until they are moved.',
  },
})
