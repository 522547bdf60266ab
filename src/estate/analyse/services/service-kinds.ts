/** Words in a file that describes tables in code. */
export type OrmWords = ReadonlySet<string>

const TESTS =
  /(?:^|\/)(?:tests?|__tests__|__mocks__|specs?|testdata|fixtures)\/|(?:^|\/)(?:test_[^/]*|conftest)\.py$|_tests?\.(?:go|py|rb|php)$|_spec\.rb$|[.-](?:test|spec)\.[cm]?[jt]sx?$|Tests?\.(?:java|kt|cs|php)$/

/** Whether a source tests a service: what it sends is made for tables of its own, or to be refused. */
export const isOfTests = (path: string): boolean => TESTS.test(path)

const OTHERS =
  /\b(?:sqlite3?|better-sqlite3|aiosqlite|libsql|pymysql|mysql2?|mysqlclient|mariadb|mssql|pymssql|oracledb|cx_Oracle|duckdb|clickhouse|bigquery|snowflake|SqlConnection|SqliteConnection|MySqlConnection)\b|jdbc:(?!postgresql)\w+:|go-sqlite3|go-sql-driver/i
const OURS =
  /\b(?:postgres\w*|psycopg\w*|asyncpg|pgx\w*|pg|pg8000|npgsql|pgvector|supabase|neon|slonik|pg_\w+)\b|lib\/pq|\bPG::/i

/** Whether a source speaks of another database, and never of PostgreSQL: its statements are not for the tables at hand. */
export const isOtherDatabase = (text: string): boolean => OTHERS.test(text) && !OURS.test(text)

const DESCRIBES =
  /\b(?:add_column|addColumns?|AddColumn|create_table|createTable|CreateTable|alterTable|change_table|rename_column|renameColumn|AddField|CreateModel|mapped_column|pgTable)\s*\(|\badd_column\s+:|\bcreate_table\s+[:"']|\bt\.(?:string|text|integer|bigint|boolean|datetime|references|jsonb?|uuid|timestamps)\b|\bSchema::(?:create|table)\b|\bmodels\.Model\b|@(?:Entity|Column|Table)\b|\bsequelize\.define\b|\bdb\.Column\b|\bgorm:"/
const LONGEST = 2 * 1024 * 1024

/** The words of a source that describes tables or their changes in code, as `plainWord` writes them; null for any other. */
export function ormWordsOf(text: string): OrmWords | null {
  if (text.length > LONGEST || !DESCRIBES.test(text)) return null
  return new Set(text.match(/[A-Za-z_]\w*/g)?.map(plainWord))
}

/** `firstName` and `first_name` are one: what maps the one to the other is not known. */
export const plainWord = (word: string): string => word.replaceAll('_', '').toLowerCase()
