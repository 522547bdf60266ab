export { agendaModule } from './module.ts'
