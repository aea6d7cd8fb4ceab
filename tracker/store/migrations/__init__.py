"""Steps of the schema, applied in numeric order by playhouse.migrations; a released one is never edited."""
