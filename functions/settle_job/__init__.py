"""End a job as successful, with what was really made."""
