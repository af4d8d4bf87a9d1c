"""End a job as failed, and free what it had reserved."""
