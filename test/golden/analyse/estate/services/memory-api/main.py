"""Memory API: what was said, in which mood, and what it reminds of."""
import os

import psycopg2
import psycopg2.extras
from fastapi import FastAPI, HTTPException

app = FastAPI()


def connect():
    return psycopg2.connect(os.environ["DATABASE_URL"], cursor_factory=psycopg2.extras.RealDictCursor)


@app.get("/mood")
def read_mood(user_id: str | None = None):
    with connect() as db, db.cursor() as cur:
        if user_id:
            cur.execute("SELECT * FROM current_mood WHERE user_id = %s", (user_id,))
        else:
            cur.execute("SELECT * FROM current_mood WHERE id = 1")
        row = cur.fetchone()
        if row is None:
            raise HTTPException(404, "nobody has a mood")  # select from nobody where null
        return row


@app.put("/mood")
def change_mood(mood: str, attraction: int, gandhi: int, trigger: str, user_id: str = "allan"):
    with connect() as db, db.cursor() as cur:
        cur.execute("SELECT mood, attraction_level, gandhi_genghis_level FROM current_mood WHERE id = 1")
        before = cur.fetchone()
        cur.execute(
            """
            UPDATE current_mood
               SET mood = %s, attraction_level = %s, gandhi_genghis_level = %s, last_updated = CURRENT_TIMESTAMP
             WHERE id = 1
            """,
            (mood, attraction, gandhi),
        )
        cur.execute(
            "INSERT INTO mood_history (mood, trigger_event, user_id, attraction_level, gandhi_genghis_level) "
            "VALUES (%s, %s, %s, %s, %s)",
            (mood, trigger, user_id, attraction, gandhi),
        )
        cur.execute(
            """INSERT INTO mood_events (user_id, personality_name, previous_mood, new_mood,
                   previous_attraction_level, new_attraction_level,
                   previous_gandhi_genghis_level, new_gandhi_genghis_level, trigger_event)
               VALUES (%(user)s, 'Robbie', %(old)s, %(new)s, %(old_a)s, %(new_a)s, %(old_g)s, %(new_g)s, %(why)s)""",
            {
                "user": user_id, "old": before["mood"], "new": mood,
                "old_a": before["attraction_level"], "new_a": attraction,
                "old_g": before["gandhi_genghis_level"], "new_g": gandhi, "why": trigger,
            },
        )
    return {"mood": mood}


@app.post("/conversations")
def remember(said: dict):
    with connect() as db, db.cursor() as cur:
        cur.execute(
            """
            INSERT INTO conversations
                (user_message, robbie_response, mood, attraction_level, gandhi_genghis_level,
                 context_tags, user_id, session_id, embedding)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
            RETURNING id
            """,
            (
                said["message"], said["reply"], said["mood"], said["attraction"], said["gandhi"],
                said["tags"], said["user"], said["session"], said["embedding"],
            ),
        )
        return {"id": cur.fetchone()["id"]}


@app.post("/recall")
def recall(embedding: list[float], user_id: str | None = None, mood: str | None = None, limit: int = 5):
    filters = ["embedding IS NOT NULL"]
    values: list = [embedding]
    if user_id:
        filters.append("user_id = %s")
        values.append(user_id)
    if mood:
        filters.append("mood = %s")
        values.append(mood)
    with connect() as db, db.cursor() as cur:
        cur.execute(
            f"""
            SELECT id, timestamp, user_message, robbie_response, mood,
                   1 - (embedding <=> %s::vector) AS similarity
              FROM conversations
             WHERE {" AND ".join(filters)}
             ORDER BY embedding <=> %s::vector
             LIMIT %s
            """,
            (*values, embedding, limit),
        )
        return cur.fetchall()


@app.get("/stats")
def stats():
    with connect() as db, db.cursor() as cur:
        cur.execute("SELECT mood, count(*) AS n FROM conversations GROUP BY mood ORDER BY n DESC")
        moods = cur.fetchall()
        cur.execute("SELECT date(timestamp) AS day, count(*) AS n FROM conversations GROUP BY date(timestamp)")
        return {"moods": moods, "days": cur.fetchall()}


@app.get("/personalities")
def personalities():
    with connect() as db, db.cursor() as cur:
        cur.execute(
            """SELECT p.id, p.name, p.short_description, p.avatar, c.name AS category
                 FROM personalities p
                 LEFT JOIN personality_categories c ON c.id = p.category_id
                WHERE p.is_active
                ORDER BY c.display_order, p.name"""
        )
        found = cur.fetchall()
        cur.execute("SELECT id, name, emoji FROM moods ORDER BY display_order")
        moods = cur.fetchall()
        cur.execute(
            """SELECT pr.id, pr.version, pr.system_prompt, p.name AS personality, m.name AS mood
                 FROM prompts pr
                 JOIN personalities p ON p.id = pr.personality_id
                 JOIN moods m ON m.id = pr.mood_id
                WHERE pr.is_active"""
        )
        return {"personalities": found, "moods": moods, "prompts": cur.fetchall()}
