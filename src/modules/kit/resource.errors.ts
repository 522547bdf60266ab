import { defineErrors } from '../../kernel/errors.ts'

export const resourceErrors = defineErrors({
  RESOURCE_NOT_FOUND: { status: 404, message: 'There is nothing of that kind and id that you may see.' },
  RESOURCE_VERSION_STALE: {
    status: 409,
    message: 'It was changed meanwhile. Read it again and repeat your change on its new version.',
  },
  RESOURCE_IN_USE: {
    status: 409,
    message:
      'Something else still refers to it. Remove or change that first; data.table says where it stands.',
  },
  RESOURCE_EXTERNAL_ID_TAKEN: {
    status: 409,
    message: 'Something that you may not see has one of these external ids.',
  },
  RESOURCE_PRIVACY_OWNER: {
    status: 403,
    message: 'Only whoever made it may make it private: nobody else would see it any more.',
  },
  REFERENCE_NOT_FOUND: {
    status: 422,
    message: 'A field names something that is not there, or that you may not see.',
  },
})
