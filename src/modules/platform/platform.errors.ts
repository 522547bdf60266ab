import { defineErrors } from '../../kernel/errors.ts'

export const platformErrors = defineErrors({
  TOWN_SLUG_TAKEN: { status: 409, message: 'A town of that name exists already. Choose another slug.' },
  SETTING_NOT_FOUND: { status: 404, message: 'There is no setting of that name. See platform.config.list.' },
  SETTING_IS_SHIPPED: {
    status: 422,
    message: 'Category, description and sensitivity of a shipped setting are fixed. Give its value alone.',
  },
  SETTING_TYPE: {
    status: 422,
    message: 'The value does not fit the setting; errors says what it takes.',
  },
  SECRET_NOT_FOUND: { status: 404, message: 'There is no secret of that id that you may handle.' },
  SECRET_EXISTS: {
    status: 409,
    message: 'A secret of that service, name and scope is kept already. Rotate it, or delete it first.',
  },
  SECRET_UNREADABLE: {
    status: 503,
    message: 'This was encrypted with another key. Bring back the secret-key of the home, or keep it anew.',
  },
  TRAINING_ENDED: { status: 409, message: 'This training job has ended. Make a new one.' },
  TRAINING_BACKWARDS: { status: 409, message: 'The training job was further than that already.' },
  TRAINING_EPOCH: { status: 422, message: 'The training job has fewer epochs than that.' },
  WIDGET_USAGE_TAKEN: { status: 409, message: 'The usage of this widget by this site is kept already.' },
  WIDGET_USAGE_FULL: {
    status: 409,
    message:
      'The site used this widget a million million times: no more are counted. Set usageCount to count anew.',
  },
  SYNC_TAKEN: { status: 409, message: 'One of these ids stands for another thing of that system already.' },
})
