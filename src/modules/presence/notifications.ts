import { defineResource } from '../kit/index.ts'
import { presenceErrors } from './presence.errors.ts'

export const notifications = defineResource({
  table: 'ai_notifications',
  id: 'presence.notifications',
  thing: 'notification',
  things: 'notifications',
  path: '/v1/notifications',
  fields: [
    'personality_id',
    'user_id',
    'type',
    'title',
    'message',
    'is_action_required',
    'action_url',
    'target_interfaces',
    'priority',
    'expires_at',
    'external_id',
  ],
  computed: ['is_acknowledged', 'acknowledged_at', 'acknowledged_by'],
  filters: ['personality_id', 'user_id', 'type', 'is_acknowledged', 'external_id'],
  sorts: ['-created_at', '-priority'],
  privacy: 'team',
  people: ['user_id'],
  indexed: (row) => ({ title: row.title, content: [row.message], importance: row.priority }),
})

export const deliveries = defineResource({
  table: 'ai_notification_delivery',
  id: 'presence.deliveries',
  thing: 'delivery',
  things: 'deliveries',
  path: '/v1/notification-deliveries',
  fields: ['notification_id', 'interface', 'interface_id', 'delivered_at', 'response'],
  computed: ['is_acknowledged', 'acknowledged_at'],
  filters: ['notification_id', 'interface'],
  privacy: 'team',
  parent: 'notification_id',
  violations: { ai_notification_delivery_interface_key: () => presenceErrors.DELIVERY_THERE() },
})
