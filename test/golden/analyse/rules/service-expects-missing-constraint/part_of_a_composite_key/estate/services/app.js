module.exports = (db) => db.query('INSERT INTO tags (town, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [1, 'a'])
