"""Extract a big subset: one Fargate task that streams with bounded memory."""
