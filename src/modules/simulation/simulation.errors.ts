import { defineErrors } from '../../kernel/errors.ts'

export const simulationErrors = defineErrors({
  SIMULATION_PARAMETERS: {
    status: 422,
    message: 'The parameters do not fit the template; each one that is wrong is named with what is wrong.',
  },
  SCENARIO_OF_ANOTHER: { status: 422, message: 'The scenario belongs to another simulation.' },
  SCENARIO_PLAYED: {
    status: 409,
    message: 'The scenario was played: it stays with its simulation while its executions do.',
  },
  EXECUTION_ENDED: { status: 409, message: 'This execution has ended. Start a new one.' },
  EXECUTION_BACKWARDS: { status: 409, message: 'The execution was further than that already.' },
  COST_WITHOUT_CURRENCY: { status: 422, message: 'A cost needs its currency.' },
  DEAL_SIMULATION_TAKEN: { status: 409, message: 'The deal has this simulation already.' },
})
