<?php
declare(strict_types=1);

function findUser(PDO $db, string $email): ?array
{
    $found = $db->prepare('SELECT id, username, role FROM users WHERE lower(email) = lower(:email) AND is_active');
    $found->execute(['email' => $email]);
    return $found->fetch(PDO::FETCH_ASSOC) ?: null;
}

function startSession(PDO $db, string $userId, string $hash): void
{
    $db->prepare(
        "INSERT INTO sessions (user_id, token_hash, expires_at)
         VALUES (:user, :hash, now() + interval '12 hours')
         ON CONFLICT (token_hash) DO NOTHING"
    )->execute(['user' => $userId, 'hash' => $hash]);
}
