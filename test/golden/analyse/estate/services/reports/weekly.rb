# frozen_string_literal: true

require 'pg'

# What the week cost; reads one table that has one definition.
class WeeklyReport
  COSTS = <<~SQL
    SELECT model_name, sum(total_requests) AS requests, sum(total_cost_usd) AS cost
    FROM ai_costs
    WHERE date > current_date - 7
    GROUP BY model_name
  SQL

  def initialize(url)
    @db = PG.connect(url)
  end

  def rows
    @db.exec(COSTS).to_a
  end
end
