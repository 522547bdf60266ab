import { defineErrors } from '../../kernel/errors.ts'

/** What the analyser refuses. What it cannot look at beside other things is a line of the report instead. */
export const analyseErrors = defineErrors({
  PATH_NOT_FOUND: { status: 404, message: 'There is no such file or folder. Check the path.' },
  NO_SQL_FOUND: {
    status: 422,
    message: 'There is no SQL in what was given. Name folders with .sql files in them, or such files.',
  },
  DATABASE_UNREACHABLE: {
    status: 503,
    message: 'The database of --database cannot be reached. Check host, port and name.',
  },
  DATABASE_REFUSED: {
    status: 403,
    message:
      'The database of --database does not let this user in, or does not show its catalogue. Check user and password.',
  },
  BASELINE_NOT_FOUND: {
    status: 404,
    message: 'There is no baseline file of that name. Write one with --write-baseline FILE.',
  },
  BASELINE_INVALID: {
    status: 422,
    message: 'The baseline file is not one that --write-baseline made. Write it anew.',
  },
  REPORT_NOT_WRITTEN: { status: 500, message: 'The report could not be written. Check folder and rights.' },
})
