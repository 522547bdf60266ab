import { describe, expect, it } from 'vitest'

import { roleOf, withoutDown } from './sections.ts'

describe('withoutDown', () => {
  it.each([
    ['-- +goose Up', '-- +goose Down'],
    ['-- +migrate Up', '-- +migrate Down'],
    ['-- migrate:up', '-- migrate:down'],
    ['-- Up Migration', '-- Down Migration'],
    ['-- rambler up', '-- rambler down'],
    ['# --- !Ups', '# --- !Downs'],
    ['-- !Ups', '-- !Downs'],
    ['-- add a place', '--//@UNDO'],
    ['-- add a place', '---- create above / drop below ----'],
    ['-- ==== UP ====', '-- ==== DOWN ===='],
    ['-- up', '-- Down:'],
  ])('leaves out what follows %j and %j', (up, down) => {
    const head = `${up}\r\ncreate table a (b int);\r\n`
    const found = withoutDown(`${head}${down}\r\ndrop table a;\r\n`)
    expect(found.text.startsWith(head)).toBe(true)
    expect(found.text.trimEnd()).toBe(head.trimEnd())
    expect(found.text).toHaveLength(head.length + down.length + 17)
    expect(found.down).toEqual({ line: 3, marker: down })
  })

  it('goes on where an up part follows', () => {
    const { text } = withoutDown('-- migrate:down\ndrop table a;\n-- migrate:up\ncreate table a (b int);')
    expect(text.trim()).toBe('-- migrate:up\ncreate table a (b int);')
  })

  it('takes no remark for a mark', () => {
    const sql = '-- down here it gets complicated\n-- downstream\nselect 1; -- down\n  -- down\n'
    expect(withoutDown(sql)).toEqual({ text: sql, down: null })
  })
})

describe('roleOf', () => {
  it.each([
    ['db/000001_init.down.sql', 'down'],
    ['db/000001_init.up.sql', 'up'],
    ['migrations/2024/down.sql', 'down'],
    ['migrations/2024/up.sql', 'up'],
    ['sql/U2__add.sql', 'down'],
    ['sql/V2__add.sql', 'up'],
    ['revert/users.sql', 'down'],
    ['verify/users.sql', 'check'],
    ['rollback_users.sql', 'down'],
    ['test/fixtures/users.sql', 'test'],
    ['db/seeds/users.sql', 'seed'],
    ['db/seed.sql', 'seed'],
    ['db/structure.sql', 'snapshot'],
    ['db/users.sql', 'plain'],
    ['db/countdown.sql', 'plain'],
    ['db/latest.sql', 'plain'],
  ])('says of %s that it is %s', (path, role) => {
    expect(roleOf(path, 'select 1;')).toBe(role)
  })

  it('knows what pg_dump has written', () => {
    expect(roleOf('db/all.sql', '--\n-- PostgreSQL database dump\n--\n')).toBe('snapshot')
  })
})
