"""Several machines that share a sweep: a queue of lanes on PostgreSQL, each lane held by one machine alone (extra `cluster`)."""
