"""A step of a big result: one Fargate task that works with bounded memory."""
