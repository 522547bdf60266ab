-- A copy.
CREATE TABLE public.notes (
  id INT PRIMARY KEY,
  body TEXT NOT NULL,
  made_at TIMESTAMP WITH TIME ZONE
);
