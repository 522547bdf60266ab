import { defineErrors } from '../kernel/errors.ts'

/** Why a town is not filled with a demo. */
export const demoErrors = defineErrors({
  DEMO_TOWN_IN_USE: {
    status: 409,
    message: 'This town has data of its own. Name another town for the demo: --town SLUG makes it.',
  },
  DEMO_DIFFERS: {
    status: 409,
    message: 'This town has a demo already, of another seed, day or size. Name another town: --town SLUG.',
  },
})
