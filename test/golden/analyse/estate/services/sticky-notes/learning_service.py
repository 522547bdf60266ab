"""Learns which notes helped, and when."""
import json


class StickyNotesLearningService:
    def __init__(self, pool):
        self.pool = pool

    async def by_category(self):
        return await self.pool.fetch(
            """
            SELECT n.category,
                   count(*) AS shown,
                   avg(CASE WHEN s.was_helpful THEN 1.0 ELSE 0.0 END) AS helpful
              FROM sticky_notes n
              JOIN sticky_note_surfaces s ON s.note_id = n.id
             GROUP BY n.category
            """
        )

    async def by_hour(self):
        return await self.pool.fetch(
            """SELECT extract(hour from s.surfaced_at) AS hour,
                      avg(s.was_helpful::int) AS helpful
                 FROM sticky_note_surfaces s
                GROUP BY 1"""
        )

    async def often_dismissed(self):
        return await self.pool.fetch(
            """
            SELECT s.note_id, count(*) AS times
              FROM sticky_note_surfaces s
             WHERE s.user_action = 'dismissed'
             GROUP BY s.note_id
            HAVING count(*) > 3
            """
        )

    async def store(self, pattern_type, data, confidence):
        await self.pool.execute(
            """
            INSERT INTO sticky_note_learning (pattern_type, pattern_data, confidence_score, last_used)
            VALUES ($1, $2, $3, now())
            ON CONFLICT (pattern_type) DO UPDATE
                SET pattern_data = EXCLUDED.pattern_data,
                    confidence_score = EXCLUDED.confidence_score,
                    usage_count = sticky_note_learning.usage_count + 1,
                    last_used = now()
            """,
            pattern_type,
            json.dumps(data),
            confidence,
        )
