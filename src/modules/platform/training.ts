import { defineResource } from '../kit/index.ts'

/** Training of models by somebody outside, who reports how far it is. */
export const trainingJobs = defineResource({
  table: 'training_jobs',
  id: 'platform.training',
  thing: 'training_job',
  things: 'training_jobs',
  path: '/v1/training-jobs',
  fields: [
    'model_name',
    'base_model',
    'training_data',
    'epochs',
    'learning_rate',
    'trainer',
    'metadata',
    'external_id',
  ],
  computed: [
    'status',
    'progress',
    'current_epoch',
    'loss',
    'eta_minutes',
    'error',
    'started_at',
    'completed_at',
  ],
  filters: ['status', 'external_id'],
  sorts: ['-created_at'],
  privacy: 'team',
})
