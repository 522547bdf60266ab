const problem = { $ref: '#/components/responses/Problem' }
const sequence = { type: 'string', pattern: '^\\d{1,15}$' }

/** The event stream in the OpenAPI document: it is no operation, so it is described here. */
export const EVENTS_PATH_ITEM = {
  get: {
    operationId: 'journal.events',
    summary: "Streams the town's events as they happen, in order and without gaps.",
    tags: ['journal'],
    parameters: [
      {
        name: 'Last-Event-ID',
        in: 'header',
        description: 'Sequence of the last event the client has; 0 replays all, none means from now on.',
        schema: sequence,
      },
      {
        name: 'lastEventId',
        in: 'query',
        description: 'The same, for clients that cannot set headers. The header wins.',
        schema: sequence,
      },
      { $ref: '#/components/parameters/Town' },
      { $ref: '#/components/parameters/RequestId' },
    ],
    responses: {
      '200': {
        description: 'The stream. It ends with the event error when the key stops working.',
        content: {
          'text/event-stream': {
            schema: {
              type: 'string',
              description:
                'id is the sequence in the town, event the kind, data the event as JSON. An event that the caller may ' +
                'not see comes as hidden with empty data. A comment comes every 15 seconds.',
            },
          },
        },
      },
      '400': problem,
      '401': problem,
      '403': problem,
      '503': problem,
      default: problem,
    },
  },
}
