import { defineErrors } from '../../kernel/errors.ts'

export const agendaErrors = defineErrors({
  TASK_CLOSED: { status: 409, message: 'The task is done or cancelled already. Reopen it first.' },
  TASK_OPEN: { status: 409, message: 'The task is open: there is nothing to reopen.' },
  TASK_CYCLE: { status: 422, message: 'A task cannot be a step of itself, or of one of its own steps.' },
  COMMITMENT_CLOSED: { status: 409, message: 'The promise was kept or called off already.' },
  ATTENTION_CLOSED: { status: 409, message: 'It was dealt with or dismissed already.' },
  ATTENTION_SNOOZE_PAST: { status: 422, message: 'until must be a time that is still to come.' },
  AGENDA_RELATED_KIND: { status: 422, message: 'relatedId needs relatedKind: the kind of thing it names.' },
  AGENDA_PERIOD: { status: 422, message: 'It cannot end before it begins.' },
  AGENDA_RANGE: { status: 422, message: 'to must be after from, by 92 days at most.' },
})
