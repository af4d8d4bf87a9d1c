"""X-Ray by Powertools, for functions that nobody waits for.

The X-Ray SDK costs as much processor time at import as everything else of a small function
(README, decisions): the door and the extractor are traced by Lambda itself, without it.
"""

from aws_lambda_powertools import Tracer

tracer = Tracer()
