DB.exec_params('INSERT INTO tags (town, name) VALUES ($1, $2) ON CONFLICT (name, town) DO UPDATE SET name = excluded.name', [1, 'a'])
