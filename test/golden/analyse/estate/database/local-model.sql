-- Vectors of notes, made on the machine itself when there is no network.
create extension if not exists vector;

create table if not exists note_vectors (
    id bigserial primary key,
    note_id uuid not null unique,
    model_name text not null default 'nomic-embed-text',
    embedding vector(768) not null,
    created_at timestamptz not null default now()
);

comment on table note_vectors is 'Embeddings of sticky notes; searched together with the other embeddings';
