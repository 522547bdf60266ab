import { defineErrors } from '../kernel/errors.ts'

/** What deploy, status and verify refuse, each with what to do next. */
export const deployErrors = defineErrors({
  DEPLOY_SEQUENCE_BROKEN: {
    status: 500,
    message:
      'Migration files must be named 0001_slug.sql, 0002_slug.sql and so on, without a gap or a double.',
  },
  DEPLOY_FILE_CHANGED: {
    status: 409,
    message:
      'A migration that was applied here has since been edited. Restore the file as it was and write the change as a new migration.',
  },
  DEPLOY_FILE_MISSING: {
    status: 409,
    message:
      'This database has migrations that this version of RobbieVerse does not know. Run the version that applied them, or a newer one.',
  },
  DEPLOY_FILE_OLDER: {
    status: 409,
    message:
      'A newer text of an objects file was applied here than this version has. Run the version that applied it, or a newer one.',
  },
  DEPLOY_RUNNING: {
    status: 503,
    message: 'A deploy of this database is running right now. Try again when it has ended.',
  },
  DEPLOY_LOCK_TIMEOUT: {
    status: 503,
    message: 'Another deploy holds the lock of this database. Wait for it to end, then try again.',
  },
  DEPLOY_STATEMENT_FAILED: {
    status: 500,
    message: 'A statement failed. Mend the cause and run deploy again.',
  },
  DEPLOY_DRIFT: {
    status: 409,
    message:
      'The live structure was changed by hand since the last deploy. `robbieverse verify` lists how; undo it, or pass --accept-drift to deploy over it.',
  },
  DEPLOY_NOT_EMPTY: {
    status: 409,
    message:
      'The schemas of RobbieVerse exist here but nothing records who made them. If an identical copy was restored, run deploy --baseline.',
  },
  DEPLOY_SCHEMA_TAKEN: {
    status: 409,
    message:
      'A schema that RobbieVerse needs belongs to somebody else here. Rename it, or give it to robbieverse_owner if it is ours.',
  },
  DEPLOY_NOT_REPEATABLE: {
    status: 500,
    message:
      'A no-transaction migration may hold only statements that can be repeated: create index concurrently NAME, drop index concurrently if exists, reindex, vacuum, analyze, validate constraint, add value if not exists. Put the others into a migration of their own.',
  },
  DEPLOY_BASELINE_NEEDLESS: {
    status: 409,
    message: 'This database has a ledger of its own. Run deploy without --baseline.',
  },
  DEPLOY_BASELINE_DIFFERS: {
    status: 409,
    message:
      'The structure found here is not the one this version would make, so it cannot be taken as the baseline.',
  },
  DEPLOY_EXTENSION_MISSING: {
    status: 503,
    message:
      'pgvector 0.8 or newer is needed. Install it on the server (Debian: postgresql-17-pgvector); where an older one is in this database, run `alter extension vector update`.',
  },
})
