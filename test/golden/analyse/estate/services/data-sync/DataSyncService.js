'use strict'

const { Pool } = require('pg')

const UPSERT_CONTACT = `
  INSERT INTO contacts (first_name, last_name, email, phone, job_title)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (email) DO UPDATE
    SET first_name = EXCLUDED.first_name, last_name = EXCLUDED.last_name, phone = EXCLUDED.phone
`

const UPSERT_COMPANY =
  'INSERT INTO companies (name, domain, industry) VALUES ($1, $2, $3) ' +
  'ON CONFLICT (domain) DO UPDATE SET name = EXCLUDED.name, industry = EXCLUDED.industry'

class DataSyncService {
  constructor(url) {
    this.pool = new Pool({ connectionString: url })
  }

  async deals(deals) {
    for (const deal of deals) {
      await this.pool.query(
        `INSERT INTO deals (external_id, is_closed, company_id)
         VALUES ($1, $2, $3)
         ON CONFLICT (external_id) DO UPDATE SET is_closed = EXCLUDED.is_closed`,
        [deal.id, deal.closed, deal.companyId],
      )
    }
  }

  async contacts(contacts) {
    for (const c of contacts) {
      await this.pool.query(UPSERT_CONTACT, [c.firstName, c.lastName, c.email, c.phone, c.title])
    }
  }

  async companies(companies) {
    for (const c of companies) await this.pool.query(UPSERT_COMPANY, [c.name, c.domain, c.industry])
  }

  async notes(notes) {
    for (const note of notes) {
      await this.pool.query(
        `INSERT INTO sticky_notes (external_id, content, category)
         VALUES ($1, $2, $3)
         ON CONFLICT (external_id) DO UPDATE SET content = EXCLUDED.content, updated_at = now()`,
        [note.id, note.text, note.category],
      )
    }
  }

  async seen(system, kind, id) {
    await this.pool.query(
      `INSERT INTO sync_registry (external_system, entity_type, local_id, last_synced)
       VALUES ($1, $2, $3, now())
       ON CONFLICT (external_system, entity_type, local_id) DO UPDATE SET last_synced = now()`,
      [system, kind, id],
    )
  }
}

module.exports = { DataSyncService }
