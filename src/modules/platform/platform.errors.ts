import { defineErrors } from '../../kernel/errors.ts'

export const platformErrors = defineErrors({
  TOWN_SLUG_TAKEN: { status: 409, message: 'A town of that name exists already. Choose another slug.' },
})
