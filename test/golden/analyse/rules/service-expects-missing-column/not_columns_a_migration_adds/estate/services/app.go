package app

const q = `select headline, written_at from notes where id = $1`
